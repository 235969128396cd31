/**
 * Byte-level byte-pair encoding, learned from text: the tokenizer of GPT-2 and OPT, with a small
 * vocabulary.
 *
 * @see Sennrich, Haddow, Birch: Neural machine translation of rare words with subword units, arXiv
 *   1508.07909
 */

/**
 * GPT-2's words: contractions, letters and signs with the space before them; digits stand alone.
 */
const words = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

const specials = ['<s>', '<pad>', '</s>', '<unk>']

/**
 * @param {readonly string[]} documents
 * @param {number} size tokens, special ones included
 * @returns the content of tokenizer.json, as Hugging Face's libraries read it
 */
export function trainTokenizer(documents, size) {
  const letters = byteLetters()
  const counts = new Map()
  const encoder = new TextEncoder()
  for (const document of documents)
    for (const [word] of document.matchAll(words)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const entries = [...counts].map(([word, count]) => ({
    symbols: Array.from(encoder.encode(word), (byte) => letters[byte]),
    count,
  }))

  const vocabulary = [...specials, ...[...letters].sort()]
  const merges = []
  const { pairs, places } = countPairs(entries)
  while (vocabulary.length < size) {
    const best = mostCommon(pairs)
    if (best === undefined) break
    merges.push(best)
    vocabulary.push(best.join(''))
    merge(best, entries, pairs, places)
  }
  return describe(vocabulary, merges)
}

/**
 * A printable character for each byte, GPT-2's: printable bytes stand for themselves, the others
 * follow from U+0100.
 */
function byteLetters() {
  const printable = (byte) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : next++),
  )
}

const keyOf = (left, right) => `${left} ${right}`

function countPairs(entries) {
  const pairs = new Map()
  const places = new Map()
  entries.forEach((entry, index) => {
    for (let i = 1; i < entry.symbols.length; i++)
      add(keyOf(entry.symbols[i - 1], entry.symbols[i]), entry.count, index, pairs, places)
  })
  return { pairs, places }
}

function add(key, count, index, pairs, places) {
  pairs.set(key, (pairs.get(key) ?? 0) + count)
  if (count < 0) return
  let words = places.get(key)
  if (words === undefined) places.set(key, (words = new Set()))
  words.add(index)
}

/** Ties go to the pair that sorts first, so that the same text gives the same tokenizer. */
function mostCommon(pairs) {
  let best
  let most = 1
  for (const [key, count] of pairs)
    if (count > most || (count === most && best !== undefined && key < best))
      [best, most] = [key, count]
  return best?.split(' ')
}

function merge([left, right], entries, pairs, places) {
  const merged = left + right
  for (const index of places.get(keyOf(left, right))) {
    const { symbols, count } = entries[index]
    for (let i = 0; i < symbols.length - 1; i++) {
      if (symbols[i] !== left || symbols[i + 1] !== right) continue
      const [before, after] = [symbols[i - 1], symbols[i + 2]]
      if (before !== undefined) {
        add(keyOf(before, left), -count, index, pairs, places)
        add(keyOf(before, merged), count, index, pairs, places)
      }
      if (after !== undefined) {
        add(keyOf(right, after), -count, index, pairs, places)
        add(keyOf(merged, after), count, index, pairs, places)
      }
      symbols.splice(i, 2, merged)
    }
  }
  pairs.delete(keyOf(left, right))
  places.delete(keyOf(left, right))
}

function describe(vocabulary, merges) {
  const byteLevel = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel],
    },
    // As OPT's: every text begins with </s>.
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '</s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [
        { SpecialToken: { id: '</s>', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { Sequence: { id: 'B', type_id: 1 } },
      ],
      special_tokens: { '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] } },
    },
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: merges.map((pair) => pair.join(' ')),
    },
  }
}
