//! Code blocks of about sixteen lines in eight languages, no two alike, so that no highlighter can live off a cache.

use super::random::Random;
use super::words::push_invented;

/// Writes a fenced block, the language named on the fence.
pub(crate) fn push_block(random: &mut Random, into: &mut String) {
    let (language, template) = *random.pick(&TEMPLATES);
    into.push_str("```");
    into.push_str(language);
    into.push('\n');
    fill(random, template, into);
    into.push_str("```\n\n");
}

/// Replaces each letter after `@` by a fresh value: `@a`…`@f` six names that hold within the block, `@n` a number,
/// `@w` a word used once.
fn fill(random: &mut Random, template: &str, into: &mut String) {
    let names: [String; 6] = std::array::from_fn(|_| {
        let mut name = String::new();
        push_invented(random.below(8_000), &mut name);
        name
    });
    let mut rest = template;
    while let Some(position) = rest.find('@') {
        into.push_str(&rest[..position]);
        let letter = rest.as_bytes().get(position + 1).copied().unwrap_or(b'@');
        match letter {
            b'a'..=b'f' => into.push_str(&names[usize::from(letter - b'a')]),
            b'n' => into.push_str(&random.between(2, 9_999).to_string()),
            b'w' => push_invented(random.below(8_000), into),
            _ => into.push('@'),
        }
        rest = rest.get(position + 2..).unwrap_or("");
    }
    into.push_str(rest);
}

/// Languages and their templates. None holds two opening braces in a row: to Hugo and Zola that opens a shortcode.
const TEMPLATES: [(&str, &str); 8] = [
    (
        "rust",
        r#"/// Counts the @a of every @b in the list.
pub fn @a_of(@b: &[@w], limit: usize) -> Result<usize, String> {
    let mut @c = 0;
    let mut @d: Vec<u32> = Vec::with_capacity(@n);
    for (index, item) in @b.iter().enumerate() {
        if index > limit || item.@e() == @n {
            return Err(format!("@w @w at {index}"));
        }
        // The @f is kept for the next round.
        @c += item.@e() * @n;
        @d.push(@c as u32);
    }
    match @d.last() {
        Some(last) => Ok(*last as usize + @c),
        None => Ok(@n),
    }
}
"#,
    ),
    (
        "python",
        r#"from dataclasses import dataclass, field


@@dataclass
class @w:
    """Keeps the @a of one @b."""
    name: str
    @c: float = @n.5
    @d: list[int] = field(default_factory=list)

    def @e(self, @f: int = @n) -> float:
        total = sum(x * @f for x in self.@d if x > @n)  # @w @w
        if total < self.@c:
            raise ValueError(f"@w: {self.name!r} has {total}")
        for index, value in enumerate(self.@d):
            total += value ** 2 / (index + @n)
        return round(total, 2)
"#,
    ),
    (
        "javascript",
        r#"import { @a, @b } from "./@w.js";

const @c = new Map([["@w", @n], ["@w", @n]]);

// Waits for the @d and hands on what is left of it.
export async function @e(@f, limit = @n) {
  const response = await fetch(`/api/@w/${@f}?limit=${limit}`);
  if (!response.ok) {
    throw new Error(`@w: ${response.status}`);
  }
  const rows = (await response.json()).filter((row) => row.@a > @n);
  for (const row of rows) {
    @c.set(row.id, @b(row.@d ?? "@w", /^[a-z]+-\d{2,4}$/u));
  }
  return [...@c.values()].reduce((sum, value) => sum + value, 0);
}
"#,
    ),
    (
        "toml",
        r#"# How the @a is set up.
[package]
name = "@w"
version = "@n.@n.0"
authors = ["@w @w <@w@@example.org>"]

[@b.@c]
enabled = true
timeout_ms = @n
ratio = 0.@n
hosts = ["@w.example", "@w.example"]
started = 2026-03-01T09:30:00Z

[[@d]]
path = "content/@w.md"
weights = [@n, @n, @n] # the last is for @e
"#,
    ),
    (
        "json",
        r#"{
  "name": "@w",
  "version": "@n.0.@n",
  "private": true,
  "@a": {
    "@b": [@n, @n, -@n.5],
    "@c": null,
    "label": "@w \"@w\" \u00e9"
  },
  "items": [
    { "id": "@w", "@d": @n, "open": false },
    { "id": "@w", "@d": @n, "open": true },
    { "id": "@w", "@d": @n, "open": false }
  ],
  "@e": "https://example.org/@w/@n"
}
"#,
    ),
    (
        "bash",
        r#"#!/usr/bin/env bash
set -euo pipefail
@a="${1:-@w}"
@b=$(date -u +%Y)

# Copies every @c that is newer than the last run.
function @d() {
  local source="$1" count=0
  for file in "$source"/*.@w; do
    if [[ -f "$file" && "$file" -nt "$@a" ]]; then
      cp --preserve=timestamps "$file" "/tmp/@e/${file##*/}"
      count=$((count + @n))
    fi
  done
  echo "copied $count of $@b" | tee -a "@w.log"
}
@d "content/@f" || exit @n
"#,
    ),
    (
        "html",
        r##"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>@w @w</title>
    <link rel="stylesheet" href="/@a.css">
  </head>
  <body class="@b @c" data-count="@n">
    <!-- The @d stands first. -->
    <h1 id="@e">@w &amp; @w</h1>
    <ul>
      <li><a href="/@w/#@e">@w</a></li>
      <li><img src="@w.png" alt="@w" width="@n" height="@n"></li>
    </ul>
    <button type="button" disabled>@f</button>
  </body>
</html>
"##,
    ),
    (
        "css",
        r#"/* The @a beside the text. */
:root {
  --@b: #@n;
  --@c: calc(1rem + @npx);
}
.@a > .@d:not(:last-child)::after,
a[href^="https://@w"]:hover {
  color: var(--@b, rebeccapurple);
  margin: 0 auto @npx -0.5em;
  background: url("@w.svg") no-repeat 50% 50%;
}
@@media (min-width: @npx) and (prefers-reduced-motion: no-preference) {
  .@e { transition: transform 250ms ease-in-out; }
  .@f { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
"#,
    ),
];
