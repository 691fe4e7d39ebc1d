// Russian stems: the Snowball algorithm, as published on snowballstem.org.
(() => {
  const longest = (text) => text.split(" ").sort((one, other) => other.length - one.length);
  const GERUND = longest("в вши вшись ив ивши ившись ыв ывши ывшись"), AFTER_A_GERUND = new Set(["в", "вши", "вшись"]);
  const ADJECTIVE = longest("ее ие ые ое ими ыми ей ий ый ой ем им ым ом его ого ему ому их ых ую юю ая яя ою ею");
  const PARTICIPLE = longest("ем нн вш ющ щ ивш ывш ующ"), AFTER_A_PARTICIPLE = new Set(["ем", "нн", "вш", "ющ", "щ"]);
  const VERB = longest("ла на ете йте ли й л ем н ло но ет ют ны ть ешь нно ила ыла ена ейте уйте ите или ыли ей уй ил ыл им ым ен ило ыло ено ят ует уют ит ыт ены ить ыть ишь ую ю");
  const AFTER_A_VERB = new Set("ла на ете йте ли й л ем н ло но ет ют ны ть ешь нно".split(" "));
  const NOUN = longest("а ев ов ие ье е иями ями ами еи ии и ией ей ой ий й иям ям ием ем ам ом о у ах иях ях ы ь ию ью ю ия ья я");

  const stem = (word) => {
    const first = word.search(/[аеиоуыэюя]/);
    if (first < 0) return word;
    const start = word.slice(0, first + 1);
    let rest = word.slice(first + 1);
    const region = /^[аеиоуыэюя]*[^аеиоуыэюя][^аеиоуыэюя]*[аеиоуыэюя]+[^аеиоуыэюя]/.exec(rest);
    const r2 = region ? region[0].length : rest.length;
    /** Takes the longest ending off; those in `needing` only behind а or я, which stays. */
    const take = (list, needing) => {
      for (const suffix of list) {
        if (!rest.endsWith(suffix)) continue;
        const kept = rest.slice(0, rest.length - suffix.length);
        if (needing?.has(suffix) && !/[ая]$/.test(kept)) return false;
        rest = kept;
        return true;
      }
      return false;
    };
    if (!take(GERUND, AFTER_A_GERUND)) {
      take(["ся", "сь"]);
      if (take(ADJECTIVE)) take(PARTICIPLE, AFTER_A_PARTICIPLE);
      else if (!take(VERB, AFTER_A_VERB)) take(NOUN);
    }
    if (rest.endsWith("и")) rest = rest.slice(0, -1);
    const noun = /(ость|ост)$/.exec(rest);
    if (noun && noun.index >= r2) rest = rest.slice(0, noun.index);
    const end = /(ейше|ейш|н|ь)$/.exec(rest)?.[0];
    if (end === "ь") rest = rest.slice(0, -1);
    else if (end) {
      if (end !== "н") rest = rest.slice(0, -end.length);
      if (rest.endsWith("нн")) rest = rest.slice(0, -1);
    }
    return start + rest;
  };
  (globalThis.fingerpostStems ??= {}).ru = stem;
})();
