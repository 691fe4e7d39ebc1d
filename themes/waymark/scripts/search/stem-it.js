// Italian stems: the Snowball algorithm, as published on snowballstem.org.
(() => {
  const VOWEL = /[aeiouàèìòù]/, REGION = /[aeiouàèìòù][^aeiouàèìòù]/;
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
  /** Where the region of verbs begins in Spanish, Italian and Portuguese. */
  const verbs = (word) => {
    const isVowel = (at) => VOWEL.test(word[at] ?? "");
    const next = (from, vowel) => {
      for (let at = from; at < word.length; at++) if (isVowel(at) === vowel) return at + 1;
      return null;
    };
    if (word.length < 2) return word.length;
    let found = null;
    if (isVowel(0)) found = isVowel(1) ? next(2, false) : next(2, true);
    else found = isVowel(1) ? (word.length > 2 ? 3 : null) : next(2, true);
    return found ?? word.length;
  };
  const PRONOUN = byLength("ci gli la le li lo mi ne si ti vi sene gliela gliele glieli glielo gliene mela mele meli melo mene tela tele teli telo tene cela cele celi celo cene vela vele veli velo vene");
  const PLAIN = "anza anze ico ici ica ice iche ichi ismo ismi abile abili ibile ibili ista iste isti istà istè istì oso osi osa ose mente atrice atrici ante anti";
  const STANDARD = byLength(PLAIN + " azione azioni atore atori logia logie uzione uzioni usione usioni enza enze amento amenti imento imenti amente ità ivo ivi iva ive");
  const VERB = byLength("ammo ando ano are arono asse assero assi assimo ata ate ati ato ava avamo avano avate avi avo emmo enda ende endi endo erà erai eranno ere erebbe erebbero erei eremmo eremo ereste eresti erete erò erono essero ete eva evamo evano evate evi evo Yamo iamo immo irà irai iranno ire irebbe irebbero irei iremmo iremo ireste iresti irete irò irono isca iscano isce isci isco iscono issero ita ite iti ito iva ivamo ivano ivate ivi ivo ono uta ute uti uto ar ir");

  const stem = (word) => {
    word = word.replace(/[áéíóú]/g, (letter) => ({ á: "à", é: "è", í: "ì", ó: "ò", ú: "ù" })[letter]).replaceAll("qu", "qU");
    // A letter that was raised is no vowel for the next one.
    let raised = "";
    for (let at = 0; at < word.length; at++) {
      const between = /[ui]/.test(word[at]) && VOWEL.test(raised.at(-1) ?? "") && VOWEL.test(word[at + 1] ?? "");
      raised += between ? word[at].toUpperCase() : word[at];
    }
    word = raised;
    const rv = verbs(word), r1 = after(word, 0), r2 = after(word, r1);
    const drop = (length, put = "") => { word = word.slice(0, word.length - length) + put; };
    const inside = (suffix, region) => word.endsWith(suffix) && word.length - suffix.length >= region;

    const pronoun = ending(word, PRONOUN);
    if (pronoun) {
      const kept = word.slice(0, -pronoun.length), before = ending(kept, ["ando", "endo", "ar", "er", "ir"]);
      if (before && kept.length - before.length >= rv) word = before.length > 2 ? kept : kept + "e";
    }
    const standard = () => {
      const found = ending(word, STANDARD);
      if (!found) return false;
      const at = word.length - found.length;
      if (/^[ai]ment[oi]$/.test(found)) {
        if (at < rv) return false;
        drop(found.length);
        return true;
      }
      if (found === "amente") {
        if (at < r1) return false;
        drop(6);
        const more = ending(word, ["abil", "iv", "os", "ic"]);
        if (more && inside(more, r2)) { drop(more.length); if (more === "iv" && inside("at", r2)) drop(2); }
        return true;
      }
      if (at < r2) return false;
      if (/^logi/.test(found)) drop(found.length, "log");
      else if (/^u[zs]ion/.test(found)) drop(found.length, "u");
      else if (/^enz/.test(found)) drop(found.length, "ente");
      else {
        drop(found.length);
        if (/^(azion|ator)/.test(found)) { if (inside("ic", r2)) drop(2); }
        else if (found === "ità") {
          const more = ending(word, ["abil", "ic", "iv"]);
          if (more && inside(more, r2)) drop(more.length);
        } else if (/^iv/.test(found) && inside("at", r2)) {
          drop(2);
          if (inside("ic", r2)) drop(2);
        }
      }
      return true;
    };
    if (!standard()) {
      const found = ending(word, VERB, rv);
      if (found) drop(found.length);
    }
    if (/[aeioàèìò]$/.test(word) && word.length - 1 >= rv) {
      drop(1);
      if (inside("i", rv)) drop(1);
    }
    if (/[cg]h$/.test(word) && word.length - 2 >= rv) drop(1);
    return word.replace(/[UI]/g, (letter) => letter.toLowerCase());
  };
  (globalThis.fingerpostStems ??= {}).it = stem;
})();
