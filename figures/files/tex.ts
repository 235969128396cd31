/** Text for LaTeX. */
import type { RichText } from '../drawing/richText.ts'

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '"': '\\textquotedbl{}',
  '|': '\\textbar{}',
  '–': '--',
  '—': '---',
  '…': '\\dots{}',
  ' ': '~',
  '\n': ' ',
}

const greek =
  'α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho σ sigma τ tau φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Φ Phi Ψ Psi Ω Omega ∇ nabla ∂ partial ∞ infty ± pm × times · cdot ≈ approx ≠ neq ≤ leq ≥ geq → to − - ‖ | ℓ ell √ surd'.split(
    ' ',
  )

const symbols = new Map<string, string>()
for (let at = 0; at < greek.length; at += 2) {
  const name = greek[at + 1]!
  symbols.set(greek[at]!, /^\w/.test(name) ? `\\${name}` : name)
}
symbols.set('ḡ', '\\bar g').set('‖', '\\|')

const scripts = '⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉'

/** What pdfTeX has letters for: Latin with accents, quotes and a few marks. */
const plainLetter = /[\u0020-\u017f\u2018-\u201e\u2020-\u2022\u2030\u2039\u203a\u20ac\u2122]/u

/**
 * Words of people: nothing in them is a command. Control characters go. Letters that only XeTeX and
 * LuaTeX have are `?` in pdfTeX, where they would stop the whole paper.
 */
export function texText(text: string): string {
  return [...text].map((letter) => texLetter(letter)).join('')
}

function texLetter(letter: string): string {
  if (/[\p{Cc}\p{Cs}]/u.test(letter) && letter !== '\n') return ''
  const own = knownLetter(letter)
  if (own !== undefined) return own
  const [base] = letter.normalize('NFD')
  const instead = base === letter ? undefined : knownLetter(base!)
  return `{\\ifdefined\\Umathchar ${letter}\\else ${instead ?? '?'}\\fi}`
}

function knownLetter(letter: string): string | undefined {
  if (special[letter] !== undefined) return special[letter]
  const symbol = symbols.get(letter)
  if (symbol !== undefined) return `$${symbol}$`
  const script = scripts.indexOf(letter)
  if (script >= 0) return script < 10 ? `$^{${script}}$` : `$_{${script - 10}}$`
  return plainLetter.test(letter) ? letter : undefined
}

/** Italic symbols become formulas, raised and lowered ones exponents and indices. */
export function texRich(spans: RichText): string {
  return spans
    .map(({ text, font, place }) => {
      if (place !== 'line') return `$${place === 'raised' ? '^' : '_'}{${formula(text)}}$`
      return font === 'italic' ? `$${formula(text)}$` : texText(text)
    })
    .join('')
}

function formula(text: string): string {
  return [...text]
    .map((letter) => {
      const symbol = symbols.get(letter)
      return symbol === undefined ? (special[letter] ?? letter) : `${symbol} `
    })
    .join('')
    .trim()
}
