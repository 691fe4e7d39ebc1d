// Portuguese stems: the Snowball algorithm, as published on snowballstem.org.
(() => {
  const VOWEL = /[aeiouáéíóúâêô]/, REGION = /[aeiouáéíóúâêô][^aeiouáéíóúâêô]/;
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
  const STANDARD = byLength("eza ezas ico ica icos icas ismo ismos ável ível ista istas oso osa osos osas amento amentos imento imentos adora ador aça~o adoras adores aço~es ante antes ância logia logias uça~o uço~es ência ências amente mente idade idades iva ivo ivas ivos ira iras");
  const VERB = byLength("ada ida ia aria eria iria ará ara erá era irá ava asse esse isse aste este iste ei arei erei irei am iam ariam eriam iriam aram eram iram avam em arem erem irem assem essem issem ado ido ando endo indo ara~o era~o ira~o ar er ir as adas idas ias arias erias irias arás aras erás eras irás avas es ardes erdes irdes ares eres ires asses esses isses astes estes istes is ais eis íeis aríeis eríeis iríeis áreis areis éreis ereis íreis ireis ásseis ésseis ísseis áveis ados idos ámos amos íamos aríamos eríamos iríamos áramos éramos íramos ávamos emos aremos eremos iremos ássemos êssemos íssemos imos armos ermos irmos eu iu ou ira iras");

  const stem = (word) => {
    word = word.replaceAll("ã", "a~").replaceAll("õ", "o~");
    const rv = verbs(word), r1 = after(word, 0), r2 = after(word, r1);
    const drop = (length, put = "") => { word = word.slice(0, word.length - length) + put; };
    const inside = (suffix, region) => word.endsWith(suffix) && word.length - suffix.length >= region;

    const standard = () => {
      const found = ending(word, STANDARD);
      if (!found) return false;
      const at = word.length - found.length;
      if (/^iras?$/.test(found)) {
        if (at < rv || word[at - 1] !== "e") return false;
        drop(found.length, "ir");
        return true;
      }
      if (found === "amente") {
        if (at < r1) return false;
        drop(6);
        const more = ending(word, ["iv", "os", "ic", "ad"]);
        if (more && inside(more, r2)) { drop(2); if (more === "iv" && inside("at", r2)) drop(2); }
        return true;
      }
      if (at < r2) return false;
      if (/^logi/.test(found)) drop(found.length, "log");
      else if (/^uç/.test(found)) drop(found.length, "u");
      else if (/^ência/.test(found)) drop(found.length, "ente");
      else {
        drop(found.length);
        const more = found === "mente" ? ["ante", "avel", "ível"] : /^idade/.test(found) ? ["abil", "ic", "iv"] : /^iv/.test(found) ? ["at"] : [];
        const next = ending(word, more);
        if (next && inside(next, r2)) drop(next.length);
      }
      return true;
    };
    let changed = standard();
    if (!changed) {
      const found = ending(word, VERB, rv);
      if (found) { drop(found.length); changed = true; }
    }
    if (changed) {
      if (word.endsWith("ci") && inside("i", rv)) drop(1);
    } else {
      const found = ending(word, ["os", "a", "i", "o", "á", "í", "ó"]);
      if (found && inside(found, rv)) drop(found.length);
    }
    if (/[eéê]$/.test(word)) {
      if (word.length - 1 >= rv) {
        drop(1);
        if (/gu$|ci$/.test(word) && word.length - 1 >= rv) drop(1);
      }
    } else if (word.endsWith("ç")) drop(1, "c");
    return word.replaceAll("a~", "ã").replaceAll("o~", "õ");
  };
  (globalThis.fingerpostStems ??= {}).pt = stem;
})();
