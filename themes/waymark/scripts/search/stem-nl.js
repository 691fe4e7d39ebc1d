// Dutch stems: the Snowball algorithm, as published on snowballstem.org.
(() => {
  const REGION = /[aeiouyè][^aeiouyè]/;
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
  const FIRST = byLength("heden en ene s se"), THIRD = byLength("end ing ig lijk baar bar");
  const PLAIN = { ä: "a", á: "a", ë: "e", é: "e", ï: "i", í: "i", ö: "o", ó: "o", ü: "u", ú: "u" };

  const stem = (word) => {
    word = word.replace(/[äáëéïíöóüú]/g, (letter) => PLAIN[letter]).replace(/^y/, "Y");
    // A letter that was raised is no vowel for the next one.
    let raised = "";
    for (let at = 0; at < word.length; at++) {
      const vowel = /[aeiouyè]$/.test(raised), next = /[aeiouyè]/.test(word[at + 1] ?? "");
      raised += word[at] === "i" && vowel && next ? "I" : word[at] === "y" && vowel ? "Y" : word[at];
    }
    word = raised;
    let r1 = after(word, 0);
    const r2 = after(word, r1);
    if (word.length < 3) r1 = word.length;
    else r1 = Math.max(r1, 3);
    const drop = (length) => { word = word.slice(0, word.length - length); };
    const undouble = () => { if (/(kk|dd|tt)$/.test(word)) drop(1); };
    const inside = (suffix, region) => word.endsWith(suffix) && word.length - suffix.length >= region;
    let hadE = false;
    const dropE = () => {
      hadE = false;
      if (inside("e", r1) && /[^aeiouyè]e$/.test(word)) { drop(1); hadE = true; undouble(); }
    };
    const dropEn = (suffix) => {
      const kept = word.slice(0, -suffix.length);
      if (inside(suffix, r1) && /[^aeiouyè]$/.test(kept) && !kept.endsWith("gem")) { word = kept; undouble(); }
    };
    const found = ending(word, FIRST);
    if (found === "heden") { if (inside(found, r1)) word = word.slice(0, -5) + "heid"; }
    else if (found === "en" || found === "ene") dropEn(found);
    else if (found && inside(found, r1) && /[^aeiouyèj]$/.test(word.slice(0, -found.length))) drop(found.length);
    dropE();
    if (inside("heid", r2) && !word.endsWith("cheid")) {
      drop(4);
      if (word.endsWith("en")) dropEn("en");
    }
    const third = ending(word, THIRD);
    if (third && inside(third, r2)) {
      if (third === "end" || third === "ing") {
        drop(3);
        if (inside("ig", r2) && !word.endsWith("eig")) drop(2);
        else undouble();
      } else if (third === "ig") { if (!word.endsWith("eig")) drop(2); }
      else if (third === "lijk") { drop(4); dropE(); }
      else if (third === "baar") drop(4);
      else if (hadE) drop(3);
    }
    if (/[^aeiouyè](aa|ee|oo|uu)[^aeiouyèI]$/.test(word)) word = word.slice(0, -2) + word.at(-1);
    return word.toLowerCase();
  };
  (globalThis.fingerpostStems ??= {}).nl = stem;
})();
