/** bench/README.md: every bench, from its own opening comment. */
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { listBenches } from './benches.mjs'

it('is what bench/README.md shows (write it anew with `npm test -- scripts/benches -u`)', async () => {
  const page = await format(markdown(), {
    parser: 'markdown',
    proseWrap: 'always',
    printWidth: 100,
  })
  await expect(page).toMatchFileSnapshot('../bench/README.md')
})

it('says of every bench what it answers', () => {
  for (const { path, purpose } of listBenches()) expect(purpose, path).not.toBe('')
})

function markdown(): string {
  return [
    '# Benches',
    '',
    'Each answers one question. Those in `bench/` play the engine as people get it, bundled; those in',
    '`e2e/bench/` use the real app. They print Markdown rows; docs/performance.md and',
    'docs/measurements hold them, each with its command, machine and date.',
    '',
    '| run | what it answers | file |',
    '| --- | --- | --- |',
    ...listBenches().map(({ path, command, purpose }) => {
      const file = path.startsWith('bench/') ? path.slice('bench/'.length) : `../${path}`
      return `| \`${command}\` | ${purpose} | [${path}](${file}) |`
    }),
    '',
  ].join('\n')
}
