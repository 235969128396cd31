/**
 * A component as one HTML file that any browser opens without the app and without a network:
 * pictures and formulas are inside, scripts are none.
 */
import { getActivePinia } from 'pinia'
import { createApp, type Component } from 'vue'
import { figureBytes, type ChartModel, type Window } from '../../figures/index.ts'

const style = `
:root { color-scheme: light; font: 17px/1.55 system-ui, sans-serif; color: #16191f;
  --chart-1: #4450c8; --chart-2: #c2570c; --chart-3: #0f8a72; --chart-4: #b0347a;
  --chart-5: #8a6a00; --chart-6: #1c7ab8; --chart-7: #7a4fb5; --chart-8: #5d6675; }
body { max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem; }
h1 { font-size: 2rem; margin-bottom: .3rem; }
h2 { font-size: 1.3rem; margin-top: 2.5rem; break-after: avoid; }
h3 { font-size: 1.05rem; margin-bottom: .3rem; break-after: avoid; }
img { max-width: 100%; border: 1px solid #e1e4e9; border-radius: 6px; break-inside: avoid; }
code { background: #eceef1; border-radius: 3px; padding: 1px 4px; }
pre { background: #eceef1; border-radius: 6px; padding: .7rem 1rem; overflow-x: auto; font-size: .8rem; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .25rem 1.2rem .25rem 0; border-bottom: 1px solid #e1e4e9; }
td:nth-child(2) { white-space: nowrap; }
th { font-weight: 600; white-space: nowrap; }
.question { border: 1px solid #4450c8; border-radius: 8px; padding: .6rem 1rem; margin: 1rem 0; break-inside: avoid; }
.sheet { display: flex; flex-direction: column; justify-content: space-between; height: 11rem; border-left: 2px solid #525a67; border-bottom: 2px solid #525a67; padding: 0 .5rem; color: #525a67; }
.option { display: flex; gap: .6rem; align-items: baseline; }
.option p { margin: .2rem 0; }
input[type="number"] { font: inherit; width: 8rem; }
a { color: #4450c8; }
.note { color: #525a67; font-size: .85rem; }
.answers { break-before: page; border-top: 2px solid #c6cbd4; margin-top: 3rem; }
@media screen { .on-paper, .answer:not(:target), .answers:not(:has(:target)) { display: none; } }
@media print { .on-screen { display: none; } }
.missing { border: 1px dashed #c6cbd4; padding: 2px 8px; }
.steps { padding-left: 1.6rem; }
.steps > li { margin-bottom: 1.4rem; break-inside: avoid; }
.steps h3 { margin-top: 0; }
.steps dl { display: flex; flex-wrap: wrap; gap: .2rem 2rem; margin: .4rem 0 0; }
.steps dt { color: #525a67; font-size: .85rem; }
.steps dd { margin: 0; font-family: ui-monospace, monospace; font-size: .9rem; }
math { font-size: 1.1em; }
math[display="block"] { margin: .8rem 0; }
`

export function handOutPage(
  title: string,
  component: Component,
  props: Readonly<Record<string, unknown>>,
): string {
  const host = document.createElement('div')
  const app = createApp(component, props).use(getActivePinia()!)
  app.mount(host)
  const content = host.innerHTML.replace(/<!--[^>]*-->/g, '')
  app.unmount()
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title>`,
    '<link rel="icon" href="data:,">',
    `<style>${style}</style>`,
    '</head>',
    `<body>${content}</body>`,
    '</html>',
    '',
  ].join('\n')
}

/** A chart as a picture that lies within the page. */
export function pictureOf(model: ChartModel, window?: Window): string {
  const bytes = figureBytes({ model, preset: 'slide', ...(window && { window }) }, 'svg')
  let letters = ''
  for (const byte of bytes) letters += String.fromCharCode(byte)
  return `data:image/svg+xml;base64,${btoa(letters)}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
