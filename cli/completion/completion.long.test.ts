/** Completion in the shells themselves; those that are not installed are left out. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wordsOf } from './candidates.ts'
import { completionScripts, type Shell } from './scripts.ts'

const program = fileURLToPath(new URL('../../dist/hiso.js', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'completion-'))
  writeFileSync(join(folder, 'hiso'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`)
  chmodSync(join(folder, 'hiso'), 0o755)
  for (const [shell, script] of Object.entries(completionScripts))
    writeFileSync(join(folder, `script.${shell}`), script)
  mkdirSync(join(folder, 'runs/valley-hiso-seed1'), { recursive: true })
  writeFileSync(join(folder, 'runs/valley-hiso-seed1/run.json'), '{}')
  writeFileSync(join(folder, 'mine.yaml'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a shell offers for a line that ends at the cursor. */
const offers: Readonly<Partial<Record<Shell, (line: string) => string[]>>> = {
  bash: (line) =>
    run(
      'bash',
      ['--norc', '--noprofile', '-c'],
      `
      source script.bash
      compopt() { :; }
      COMP_LINE=${quoted(line)} COMP_POINT=\${#COMP_LINE}
      # As bash itself parts words: also at = and :
      COMP_WORDS=(); rest=$COMP_LINE
      while [[ -n $rest ]]; do
        if [[ $rest =~ ^[[:space:]]+ ]]; then rest=\${rest:\${#BASH_REMATCH}}; [[ -z $rest ]] && COMP_WORDS+=("")
        elif [[ $rest =~ ^[=:]+ || $rest =~ ^[^[:space:]=:]+ ]]; then COMP_WORDS+=("$BASH_REMATCH"); rest=\${rest:\${#BASH_REMATCH}}; fi
      done
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _hiso
      printf '%s\\n' "\${COMPREPLY[@]}"`,
    ),
  zsh: (line) =>
    run(
      'zsh',
      ['-f', '-c'],
      `
      compadd() { local -a offered; offered=("\${(@P)@[-1]}"); print -rl -- $offered }
      _files() { print -r -- FILES }
      source ./script.zsh
      words=(${wordsOf(line).map(quoted).join(' ')}); CURRENT=$#words
      _hiso`,
    ),
  fish: (line) =>
    run('fish', ['--no-config', '-c'], `source script.fish; complete -C ${quoted(line)}`),
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

function run(shell: string, options: readonly string[], script: string): string[] {
  const { stdout, stderr } = spawnSync(shell, [...options, script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder },
  })
  if (stderr !== '') throw new Error(stderr)
  return stdout
    .split('\n')
    .map((line) => line.split('\t')[0]!)
    .filter((line) => line !== '')
}

const isThere = (shell: string) => spawnSync(shell, ['--version']).error === undefined

describe.each(Object.entries(offers))('in %s', (shell, offered) => {
  const check = isThere(shell) ? it : it.skip
  if (!isThere(shell)) console.warn(`${shell} is not installed here: its completion is not tried`)

  check('commands, presets, options and runs are completed', () => {
    expect(offered('hiso fig')).toEqual(['figure'])
    expect(offered('hiso run quickst')).toEqual(['quickstart'])
    expect(offered('hiso run mi')).toContain('mine.yaml')
    expect(offered('hiso figure runs/val')).toEqual(['runs/valley-hiso-seed1'])
    expect(offered('hiso figure x --pre')).toEqual(['--preset'])
    expect(offered('hiso figure x --preset one')).toEqual(['one-column'])
  })

  check('keys of --set and their values are completed', () => {
    expect(offered('hiso run quickstart --set method.perturbationSch').length).toBeGreaterThan(0)
    // Bash has parted the word at = already.
    const before = shell === 'bash' ? '' : 'method.name='
    expect(offered('hiso run quickstart --set method.name=his')).toContain(`${before}hiso`)
  })

  check('nothing in the line is run', () => {
    offered('hiso run $(touch hacked) `touch hacked` qui')
    expect(existsSync(join(folder, 'hacked'))).toBe(false)
  })
})
