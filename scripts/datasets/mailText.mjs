/**
 * From a raw mail to the words that a person would read: headers, attachments, markup, addresses
 * and quotations are left out.
 */

/** @typedef {{ subject: string, body: string }} MailText */

/** Where a body ends: people do not read further, and the packed set stays small. */
const longestBody = 1200

/**
 * @param {string} raw RFC 822, as the archive holds it
 * @returns {MailText | undefined} undefined where there is hardly any text, or it is not in Latin
 *   letters
 */
export function mailText(raw) {
  const message = splitMessage(raw)
  const subject = clean(decodeWords(message.headers.get('subject') ?? ''))
    .replace(/^((re|fwd?|aw|\[[^\]]*\]|\d+:)[:\s]*)+/i, '')
    .replaceAll('\n', ' ')
  const readable = readablePart(message)
  if (readable === undefined) return undefined
  if (foreignShare(readable) > 0.05) return undefined
  const body = cut(clean(withoutQuotations(readable)), longestBody)
  return body.length < 80 ? undefined : { subject: cut(subject, 120), body }
}

function splitMessage(raw) {
  const text = raw.replaceAll('\r\n', '\n')
  const end = text.search(/\n\n/)
  const head = (end < 0 ? text : text.slice(0, end)).replaceAll(/\n[ \t]+/g, ' ')
  const headers = new Map()
  for (const line of head.split('\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return { headers, body: end < 0 ? '' : text.slice(end + 2) }
}

/** The text of the first part that is text, plain before HTML. */
function readablePart({ headers, body }) {
  const type = (headers.get('content-type') ?? 'text/plain').toLowerCase()
  if (type.startsWith('multipart/')) {
    const boundary = /boundary="?([^";]+)"?/i.exec(headers.get('content-type'))?.[1]
    if (boundary === undefined) return undefined
    const parts = body
      .split(`--${boundary}`)
      .slice(1)
      .map((part) => splitMessage(part.replace(/^\n/, '')))
    const typeOf = (part) => (part.headers.get('content-type') ?? 'text/plain').toLowerCase()
    const chosen = ['text/plain', 'multipart/', 'text/html'].flatMap((wanted) =>
      parts.filter((part) => typeOf(part).startsWith(wanted)),
    )
    for (const part of chosen) {
      const text = readablePart(part)
      if (text !== undefined && text.trim().length >= 80) return text
    }
    return undefined
  }
  if (!type.startsWith('text/')) return undefined
  const text = decodeTransfer(body, headers.get('content-transfer-encoding') ?? '')
  return type.startsWith('text/html') || /<(html|body|table|font|br)\b/i.test(text)
    ? withoutMarkup(text)
    : text
}

function decodeTransfer(body, encoding) {
  switch (encoding.toLowerCase()) {
    case 'quoted-printable':
      return unquote(body.replaceAll(/=\n/g, ''))
    case 'base64':
      return Buffer.from(body, 'base64').toString('latin1')
    default:
      return body
  }
}

const unquote = (text) =>
  text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))

/** RFC 2047: =?charset?Q?text?= in headers. */
function decodeWords(text) {
  return text.replaceAll(/=\?[^?]+\?([QB])\?([^?]*)\?=/gi, (_, kind, word) =>
    kind.toUpperCase() === 'Q'
      ? unquote(word.replaceAll('_', ' '))
      : Buffer.from(word, 'base64').toString('latin1'),
  )
}

const entities = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  copy: '(c)',
  reg: '(R)',
  trade: '(TM)',
}

function withoutMarkup(html) {
  return html
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/<(script|style|head|title)\b[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<(br|p|div|tr|li|h\d)\b[^>]*>/gi, '\n')
    .replaceAll(/<\/?[a-z!][^>]*>/gi, ' ')
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Math.min(Number(code), 0xffff)))
    .replaceAll(/&(\w+);/g, (whole, name) => entities[name.toLowerCase()] ?? whole)
}

/** Leaves out what others had written, signatures and the footers of mailing lists. */
function withoutQuotations(text) {
  const lines = []
  for (const line of text.split('\n')) {
    if (/^(-- ?|_{20,}|-{20,})$/.test(line)) break
    if (/^\s*([>|:]|\w{0,3}>)/.test(line) || /(wrote|writes|said):\s*$/.test(line)) continue
    lines.push(line)
  }
  return lines.join('\n')
}

/**
 * Plain letters and signs; addresses become the words EMAIL and URL, so that nobody's address is in
 * the set.
 */
function clean(text) {
  return text
    .normalize('NFKD')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/\b(https?|ftp):\/\/[^\s<>"]+|\bwww\.[^\s<>"]+/gi, 'URL')
    .replaceAll(/[\w.+-]+@[\w.-]+\w/g, 'EMAIL')
    .replaceAll(/[^\n\x20-\x7e]/g, ' ')
    .replaceAll(/([^\w\s])\1{3,}/g, '$1$1$1')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{2,}/g, '\n')
    .trim()
}

function foreignShare(text) {
  const foreign = text.match(/[^\s\x20-\x7e]/g)?.length ?? 0
  return foreign / Math.max(1, text.length)
}

function cut(text, length) {
  if (text.length <= length) return text
  const space = text.lastIndexOf(' ', length)
  return text.slice(0, space > length / 2 ? space : length)
}
