/** Commands for the readers of a run’s results: capsules and citations. */
import { capsule, verifyCapsule } from '../commands/capsule.ts'
import { cite } from '../commands/cite.ts'
import type { Commands } from './shared.ts'

export function addPassingOn({ program, context, finish, version }: Commands): void {
  const packing = program
    .command('capsule')
    .summary('runs with all that is needed to play them again, in one zip')
    .description(
      'Packs runs, configs, fingerprints, versions, figures with their commands, references and an RO-Crate description. hiso capsule verify FILE replays the runs and compares every hash.',
    )
    .argument('<runs...>', 'the folders of runs')
    .option('--out <file>', 'the file to write')
    .action(async (folders: string[], options: { readonly out?: string }) =>
      finish(await capsule(context, folders, { ...options, version })),
    )
  packing
    .command('verify')
    .summary('replay the runs of a capsule and compare every hash; exit code 6 if one differs')
    .argument('<file>', 'a capsule')
    .action(async (file: string) => finish(await verifyCapsule(context, file)))

  program
    .command('cite')
    .summary('what a paper that uses runs should cite, as BibTeX')
    .argument('<runs...>', 'the folders of runs')
    .action(async (folders: string[]) => finish(await cite(context, folders, version)))
}
