// Spanish stems: the Snowball algorithm, as published on snowballstem.org.
(() => {
  const VOWEL = /[aeiouáéíóúü]/, REGION = /[aeiouáéíóúü][^aeiouáéíóúü]/;
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
  const PRONOUN = byLength("me se sela selo selas selos la le lo las les los nos");
  const BEFORE_PRONOUN = byLength("iéndo ándo ár ér ír ando iendo ar er ir yendo");
  const PLAIN = byLength("anza anzas ico ica icos icas ismo ismos able ables ible ibles ista istas oso osa osos osas amiento amientos imiento imientos");
  const AFTER_IC = byLength("adora ador ación adoras adores aciones ante antes ancia ancias");
  const STANDARD = byLength([...PLAIN, ...AFTER_IC, "logía logías ución uciones encia encias amente mente idad idades iva ivo ivas ivos"].join(" "));
  const Y_VERB = byLength("ya ye yan yen yeron yendo yo yó yas yes yais yamos");
  const VERB = byLength("en es éis emos arían arías arán arás aríais aría aréis aríamos aremos ará aré erían erías erán erás eríais ería eréis eríamos eremos erá eré irían irías irán irás iríais iría iréis iríamos iremos irá iré aba ada ida ía ara iera ad ed id ase iese aste iste an aban ían aran ieran asen iesen aron ieron ado ido ando iendo ió ar er ir as abas adas idas ías aras ieras ases ieses ís áis abais íais arais ierais aseis ieseis asteis isteis ados idos amos ábamos íamos imos áramos iéramos iésemos ásemos");

  const stem = (word) => {
    const rv = verbs(word), r1 = after(word, 0), r2 = after(word, r1);
    const drop = (length, put = "") => { word = word.slice(0, word.length - length) + put; };
    const inside = (suffix, region) => word.endsWith(suffix) && word.length - suffix.length >= region;

    const pronoun = ending(word, PRONOUN);
    if (pronoun) {
      const kept = word.slice(0, -pronoun.length), before = ending(kept, BEFORE_PRONOUN);
      if (before && kept.length - before.length >= rv && (before !== "yendo" || kept.endsWith("uyendo"))) {
        word = kept;
        if (/[áéí]/.test(before)) drop(before.length, before.replace(/[áéí]/, (letter) => ({ á: "a", é: "e", í: "i" })[letter]));
      }
    }
    const standard = () => {
      const found = ending(word, STANDARD);
      if (!found) return false;
      const at = word.length - found.length;
      if (found === "amente") {
        if (at < r1) return false;
        drop(6);
        const more = ending(word, ["iv", "os", "ic", "ad"]);
        if (more && inside(more, r2)) { drop(2); if (more === "iv" && inside("at", r2)) drop(2); }
        return true;
      }
      if (at < r2) return false;
      if (/^logía/.test(found)) drop(found.length, "log");
      else if (/^uci/.test(found)) drop(found.length, "u");
      else if (/^encia/.test(found)) drop(found.length, "ente");
      else {
        drop(found.length);
        const more = AFTER_IC.includes(found) ? ["ic"] : found === "mente" ? ["ante", "able", "ible"]
          : /^idad/.test(found) ? ["abil", "ic", "iv"] : /^iv/.test(found) ? ["at"] : [];
        const next = ending(word, more);
        if (next && inside(next, r2)) drop(next.length);
      }
      return true;
    };
    const yVerb = () => {
      const found = ending(word, Y_VERB, rv);
      if (!found || !word.slice(0, -found.length).endsWith("u")) return false;
      drop(found.length);
      return true;
    };
    if (!standard() && !yVerb()) {
      const found = ending(word, VERB, rv);
      if (found) {
        drop(found.length);
        if (/^(en|es|éis|emos)$/.test(found) && word.endsWith("gu")) drop(1);
      }
    }
    const rest = ending(word, ["os", "a", "o", "á", "í", "ó", "e", "é"]);
    if (rest && inside(rest, rv)) {
      drop(rest.length);
      if (/[eé]/.test(rest) && word.endsWith("gu") && inside("u", rv)) drop(1);
    }
    return word.replace(/[áéíóú]/g, (letter) => ({ á: "a", é: "e", í: "i", ó: "o", ú: "u" })[letter]);
  };
  (globalThis.fingerpostStems ??= {}).es = stem;
})();
