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

/** Words of people: nothing in them is a command. Control characters go. */
export function texText(text: string): string {
  return [...text].map((letter) => texLetter(letter)).join('')
}

function texLetter(letter: string): string {
  if (special[letter] !== undefined) return special[letter]
  const symbol = symbols.get(letter)
  if (symbol !== undefined) return `$${symbol}$`
  const script = scripts.indexOf(letter)
  if (script >= 0) return script < 10 ? `$^{${script}}$` : `$_{${script - 10}}$`
  return /[\p{Cc}\p{Cs}]/u.test(letter) ? '' : letter
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
