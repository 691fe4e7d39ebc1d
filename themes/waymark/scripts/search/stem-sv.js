// Swedish stems: the Snowball algorithm, as published on snowballstem.org.
(() => {
  const REGION = /[aeiouyäåö][^aeiouyäåö]/;
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
  const FIRST = byLength("a arna erna heterna orna ad e ade ande arne are aste en anden aren heten ern ar er heter or as arnas ernas ornas es ades andes ens arens hetens erns at andet het ast s");
  const THIRD = byLength("lig ig els löst fullt");

  const stem = (word) => {
    const r1 = word.length < 3 ? word.length : Math.max(after(word, 0), 3);
    const drop = (length) => { word = word.slice(0, word.length - length); };
    const first = ending(word, FIRST, r1);
    if (first && (first !== "s" || /[bcdfghjklmnoprtvy]s$/.test(word))) drop(first.length);
    if (ending(word, ["dd", "gd", "nn", "dt", "gt", "kt", "tt"], r1)) drop(1);
    const third = ending(word, THIRD, r1);
    if (third === "löst" || third === "fullt") drop(1);
    else if (third) drop(third.length);
    return word;
  };
  (globalThis.fingerpostStems ??= {}).sv = stem;
})();
