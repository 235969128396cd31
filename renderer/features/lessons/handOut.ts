/**
 * A lesson as one HTML file that any browser opens without the app and without a network: pictures
 * and formulas are inside, scripts are none.
 */
import { getActivePinia } from 'pinia'
import { createApp } from 'vue'
import type { Lesson } from '../../../core/lessons/index.ts'
import HandOut from './HandOut.vue'

const style = `
:root { color-scheme: light; font: 17px/1.55 system-ui, sans-serif; color: #16191f; }
body { max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem; }
h1 { font-size: 2rem; margin-bottom: .3rem; }
h2 { font-size: 1.3rem; margin-top: 2.5rem; break-after: avoid; }
img { max-width: 100%; border: 1px solid #e1e4e9; border-radius: 6px; }
code { background: #eceef1; border-radius: 3px; padding: 1px 4px; }
.question { border: 1px solid #4450c8; border-radius: 8px; padding: .6rem 1rem; margin: 1rem 0; break-inside: avoid; }
.sheet { display: flex; flex-direction: column; justify-content: space-between; height: 11rem; border-left: 2px solid #525a67; border-bottom: 2px solid #525a67; padding: 0 .5rem; color: #525a67; }
.note { color: #525a67; font-size: .85rem; }
.answers { break-before: page; border-top: 2px solid #c6cbd4; margin-top: 3rem; }
.missing { border: 1px dashed #c6cbd4; padding: 2px 8px; }
math { font-size: 1.1em; }
`

/** @returns the page; its runs are those that have been played so far */
export function handOut(lesson: Lesson): string {
  const host = document.createElement('div')
  const app = createApp(HandOut, { lesson }).use(getActivePinia()!)
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
    `<title>${escaped(lesson.title)}</title>`,
    '<link rel="icon" href="data:,">',
    `<style>${style}</style>`,
    '</head>',
    `<body>${content}</body>`,
    '</html>',
    '',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
