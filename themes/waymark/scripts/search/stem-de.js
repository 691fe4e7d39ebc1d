// German stems: the Snowball algorithm, as published on snowballstem.org.
(() => {
  const REGION = /[aeiouyäöü][^aeiouyäöü]/;
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
  const FIRST = byLength("em ern er e en es s"), SECOND = byLength("en er est st");
  const THIRD = byLength("end ung ig ik isch lich heit keit");

  const stem = (word) => {
    word = word.replaceAll("ß", "ss");
    // A letter that was raised is no vowel for the next one.
    let raised = "";
    for (let at = 0; at < word.length; at++) {
      const between = /[uy]/.test(word[at]) && /[aeiouyäöü]$/.test(raised) && /[aeiouyäöü]/.test(word[at + 1] ?? "");
      raised += between ? word[at].toUpperCase() : word[at];
    }
    word = raised;
    let r1 = after(word, 0);
    const r2 = after(word, r1);
    if (word.length < 3) r1 = word.length;
    else r1 = Math.max(r1, 3);
    const drop = (length) => { word = word.slice(0, word.length - length); };
    let found = ending(word, FIRST);
    if (found && word.length - found.length >= r1 && (found !== "s" || /[bdfghklmnrt]s$/.test(word))) {
      drop(found.length);
      if (/^e[ns]?$/.test(found) && word.endsWith("niss")) drop(1);
    }
    found = ending(word, SECOND);
    if (found && word.length - found.length >= r1 && (found !== "st" || /...[bdfghklmnt]st$/.test(word))) drop(found.length);
    found = ending(word, THIRD);
    if (found && word.length - found.length >= r2) {
      const kept = word.slice(0, -found.length);
      if (found === "end" || found === "ung") {
        word = kept;
        if (/[^e]ig$/.test(word) && word.length - 2 >= r2) drop(2);
      } else if (found[0] === "i") {
        if (!kept.endsWith("e")) word = kept;
      } else if (found === "keit") {
        word = kept;
        const more = ending(word, ["lich", "ig"]);
        if (more && word.length - more.length >= r2) drop(more.length);
      } else {
        word = kept;
        if (/e[rn]$/.test(word) && word.length - 2 >= r1) drop(2);
      }
    }
    return word.replace(/[UYäöü]/g, (letter) => ({ U: "u", Y: "y", ä: "a", ö: "o", ü: "u" })[letter]);
  };
  (globalThis.fingerpostStems ??= {}).de = stem;
})();
