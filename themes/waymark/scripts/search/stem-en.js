// English stems: Porter's second algorithm, as published on snowballstem.org.
(() => {
  const EXCEPTIONS = {
    __proto__: null, skis: "ski", skies: "sky", dying: "die", lying: "lie", tying: "tie", idly: "idl", gently: "gentl", ugly: "ugli",
    early: "earli", only: "onli", singly: "singl",
  };
  const KEPT = /^(sky|news|howe|atlas|cosmos|bias|andes)$/, KEPT_LATER = /^(inn|out|cann|herr|earr)ing$|^(pro|ex|suc)ceed$/;
  // Longest endings first.
  const STEP_2 = Object.entries({
    ational: "ate", ization: "ize", fulness: "ful", ousness: "ous", iveness: "ive", tional: "tion", biliti: "ble", lessli: "less",
    entli: "ent", ation: "ate", alism: "al", aliti: "al", ousli: "ous", iviti: "ive", fulli: "ful", enci: "ence", anci: "ance",
    abli: "able", izer: "ize", ator: "ate", alli: "al", bli: "ble",
  });
  const STEP_3 = Object.entries({
    ational: "ate", tional: "tion", alize: "al", icate: "ic", iciti: "ic", ical: "ic", ness: "", ful: "",
  });
  const STEP_4 = /(ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic)$|(?<=[st])(ion)$/;

  const after = (word, from) => {
    const match = /[aeiouy][^aeiouy]/.exec(word.slice(from));
    return match ? from + match.index + 2 : word.length;
  };
  const isShort = (word) => /[^aeiouy][aeiouy][^aeiouywxY]$|^[aeiouy][^aeiouy]$/.test(word);

  const stem = (word) => {
    if (word.length <= 2) return word;
    if (KEPT.test(word) || EXCEPTIONS[word]) return EXCEPTIONS[word] ?? word;
    word = word.replace(/^y|(?<=[aeiouy])y/g, "Y");
    const prefix = /^(gener|commun|arsen)/.exec(word);
    const r1 = prefix ? prefix[0].length : after(word, 0);
    const r2 = after(word, r1);
    const ends = (suffix) => word.endsWith(suffix);
    /** Whether an ending of this length lies in a region. */
    const within = (length, region) => word.length - length >= region;
    const drop = (length, put = "") => { word = word.slice(0, word.length - length) + put; };

    if (ends("sses")) drop(2);
    else if (/ie[ds]$/.test(word)) drop(3, word.length > 4 ? "i" : "ie");
    else if (/[aeiouy].*[^us]s$/.test(word)) drop(1);
    if (KEPT_LATER.test(word)) return word;

    const [first, kind] = /(eed|ing|ed)(ly)?$/.exec(word) ?? [];
    if (kind === "eed") {
      if (within(first.length, r1)) drop(first.length, "ee");
    } else if (first && /[aeiouy]/.test(word.slice(0, -first.length))) {
      drop(first.length);
      if (/(at|bl|iz)$/.test(word)) word += "e";
      else if (/([bdfgmnprt])\1$/.test(word)) drop(1);
      else if (word.length <= r1 && isShort(word)) word += "e";
    }
    if (word.length > 2 && /[^aeiouy][yY]$/.test(word)) drop(1, "i");

    const replace = (list) => {
      const found = list.find(([suffix]) => ends(suffix));
      if (found && within(found[0].length, r1)) drop(found[0].length, found[1]);
      return found;
    };
    if (!replace(STEP_2) && within(2, r1) && /[cdeghkmnrt]li$/.test(word)) drop(2);
    if (ends("logi") && within(3, r1)) drop(1);
    if (!replace(STEP_3) && ends("ative") && within(5, r2)) drop(5);
    const fourth = STEP_4.exec(word);
    if (fourth && within(fourth[0].length, r2)) drop(fourth[0].length);
    if (ends("e") ? within(1, r2) || (within(1, r1) && !isShort(word.slice(0, -1))) : ends("ll") && within(1, r2)) drop(1);
    return word.replaceAll("Y", "y");
  };
  (globalThis.fingerpostStems ??= {}).en = stem;
})();
