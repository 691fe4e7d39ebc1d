// French stems: the Snowball algorithm, as published on snowballstem.org.
(() => {
  const VOWELS = "aeiouyâàëéêèïîôûù", VOWEL = new RegExp(`[${VOWELS}]`), REGION = new RegExp(`[${VOWELS}][^${VOWELS}]`);
  // Where the region behind a vowel and the consonant after it begins.
  const after = (word, from) => {
    const match = REGION.exec(word.slice(from));
    return match ? from + match.index + match[0].length : word.length;
  };
  // The longest of some endings, looked for behind `from` alone.
  const ending = (word, list, from = 0) => {
    for (const suffix of list) if (word.length - suffix.length >= from && word.endsWith(suffix)) return suffix;
    return null;
  };
  const byLength = (text) => text.split(" ").sort((one, other) => other.length - one.length);
  const STANDARD = byLength("ance iqUe isme able iste eux ances iqUes ismes ables istes atrice ateur ation atrices ateurs ations logie logies usion ution usions utions ence ences ement ements ité ités if ive ifs ives eaux aux euse euses issement issements amment emment ment ments");
  const I_VERB = byLength("îmes ît îtes i ie ies ir ira irai iraIent irais irait iras irent irez iriez irions irons iront is issaIent issais issait issant issante issantes issants isse issent isses issez issiez issions issons it");
  const VERB = byLength("ions é ée ées és èrent er era erai eraIent erais erait eras erez eriez erions erons eront ez iez âmes ât âtes a ai aIent ais ait ant ante antes ants as asse assent asses assiez assions");

  const stem = (word) => {
    // From left to right; a letter that was raised is no vowel any more.
    const letters = [...word], vowelAt = (at) => VOWEL.test(letters[at] ?? "");
    for (let at = 0; at < letters.length; at++) {
      const next = letters[at + 1];
      if (vowelAt(at) && (next === "y" || ((next === "u" || next === "i") && vowelAt(at + 2)))) letters[at + 1] = next.toUpperCase();
      else if (letters[at] === "y" && vowelAt(at + 1)) letters[at] = "Y";
      else if (letters[at] === "q" && next === "u") letters[at + 1] = "U";
    }
    word = letters.join("");
    const isVowel = (at) => VOWEL.test(word[at] ?? "");
    let rv = word.length;
    if (isVowel(0) && isVowel(1) && word.length > 2) rv = 3;
    else if (/^(par|col|tap)/.test(word)) rv = 3;
    else for (let at = 1; at < word.length; at++) if (isVowel(at)) { rv = at + 1; break; }
    const r1 = after(word, 0), r2 = after(word, r1);
    const drop = (length, put = "") => { word = word.slice(0, word.length - length) + put; };
    const inside = (suffix, region) => word.endsWith(suffix) && word.length - suffix.length >= region;
    /** Takes an ending off in R2; elsewhere puts something in its place. */
    const dropOr = (suffix, put) => {
      if (inside(suffix, r2)) drop(suffix.length);
      else drop(suffix.length, put);
    };

    /** Whether the word was changed in a way that needs no verb ending to be looked for. */
    const standard = () => {
      const found = ending(word, STANDARD);
      if (!found) return false;
      const at = word.length - found.length;
      if (/^ements?$/.test(found)) {
        if (at < rv) return false;
        drop(found.length);
        const more = ending(word, ["iv", "eus", "abl", "iqU", "ièr", "Ièr"]);
        if (more === "iv") { if (inside("iv", r2)) { drop(2); if (inside("at", r2)) drop(2); } }
        else if (more === "eus") { if (inside(more, r2)) drop(3); else if (inside(more, r1)) drop(3, "eux"); }
        else if (more === "abl" || more === "iqU") { if (inside(more, r2)) drop(3); }
        else if (more && inside(more, rv)) drop(3, "i");
        return true;
      }
      if (found === "eaux") { drop(4, "eau"); return true; }
      if (found === "aux") { if (at < r1) return false; drop(3, "al"); return true; }
      if (/^euses?$/.test(found)) {
        if (at >= r2) drop(found.length);
        else if (at >= r1) drop(found.length, "eux");
        else return false;
        return true;
      }
      if (/^issement/.test(found)) { if (at < r1 || isVowel(at - 1)) return false; drop(found.length); return true; }
      if (found === "amment" || found === "emment") { if (at >= rv) drop(found.length, found[0] === "a" ? "ant" : "ent"); return false; }
      if (/^ments?$/.test(found)) { if (isVowel(at - 1) && at - 1 >= rv) drop(found.length); return false; }
      if (at < r2) return false;
      if (/^logie/.test(found)) drop(found.length, "log");
      else if (/^u[st]ion/.test(found)) drop(found.length, "u");
      else if (/^ence/.test(found)) drop(found.length, "ent");
      else {
        drop(found.length);
        if (/^at/.test(found)) { if (word.endsWith("ic")) dropOr("ic", "iqU"); }
        else if (/^ité/.test(found)) {
          const more = ending(word, ["abil", "ic", "iv"]);
          if (more === "abil") dropOr("abil", "abl");
          else if (more === "ic") dropOr("ic", "iqU");
          else if (more && inside("iv", r2)) drop(2);
        } else if (/^i(f|v)/.test(found) && inside("at", r2)) {
          drop(2);
          if (word.endsWith("ic")) dropOr("ic", "iqU");
        }
      }
      return true;
    };
    const iVerb = () => {
      const found = ending(word, I_VERB, rv);
      const at = word.length - (found?.length ?? 0);
      if (!found || at - 1 < rv || isVowel(at - 1)) return false;
      drop(found.length);
      return true;
    };
    const verb = () => {
      const found = ending(word, VERB, rv);
      if (!found) return false;
      if (found === "ions") { if (!inside(found, r2)) return false; drop(4); return true; }
      drop(found.length);
      if (/^[âa]/.test(found) && inside("e", rv)) drop(1);
      return true;
    };
    if (standard() || iVerb() || verb()) {
      if (word.endsWith("Y")) drop(1, "i");
      else if (word.endsWith("ç")) drop(1, "c");
    } else {
      if (/[^aiouès]s$/.test(word)) drop(1);
      const found = ending(word, ["ière", "Ière", "ion", "ier", "Ier", "e", "ë"], rv);
      if (found === "ion") { const at = word.length - 3; if (at >= r2 && at - 1 >= rv && /[st]/.test(word[at - 1])) drop(3); }
      else if (found === "e") drop(1);
      else if (found === "ë") { if (word.endsWith("guë") && word.length - 3 >= rv) drop(1); }
      else if (found) drop(found.length, "i");
    }
    if (/(enn|onn|ett|ell|eill)$/.test(word)) drop(1);
    word = word.replace(new RegExp(`[éè]([^${VOWELS}]+)$`), "e$1");
    return word.replace(/[UIY]/g, (letter) => letter.toLowerCase());
  };
  (globalThis.fingerpostStems ??= {}).fr = stem;
})();
