/** Commands that play runs: new ones, further rounds, and the log again. */
import type { Command } from 'commander'
import { extend } from '../commands/extend.ts'
import { fork } from '../commands/fork.ts'
import { quickstart } from '../commands/quickstart.ts'
import { replay } from '../commands/replay.ts'
import { resume } from '../commands/resume.ts'
import { run, runFrom, type RunOptions } from '../commands/run.ts'
import { tune } from '../commands/tune.ts'
import { configHelp, runHelp, setOption, type Commands } from './shared.ts'

type RunFlags = RunOptions & { readonly from?: string }

export function addPlaying({ program, context, finish }: Commands): void {
  program
    .command('quickstart')
    .summary('train on real images with HiSo and with DeComFL, and compare (2 runs)')
    .description('Plays the preset quickstart with HiSo and with DeComFL, then compares them.')
    .addOption(setOption())
    .action(async ({ set }: { readonly set: string[] }) => finish(await quickstart(context, set)))

  program
    .command('run')
    .summary('play a config')
    .description('Plays a config in a new run folder.')
    .argument('[config]', configHelp)
    .option('--from <run>', 'the config of this run, with the rounds that it has now')
    .addOption(
      setOption('; with --methods also for one of them, e.g. fedavg:method.learningRate=0.1'),
    )
    .option(
      '--out <folder>',
      'the run folder, or with --methods one for all of them; if left out, new ones in runs/',
    )
    .option('--methods <names>', 'play it once with each, then compare, e.g. hiso,decomfl')
    .option('--log <form:folder>', 'write what TensorBoard follows, e.g. tensorboard:logs')
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (config: string | undefined, options: RunFlags, command: Command) => {
      const { from, ...rest } = options
      if (from !== undefined && config === undefined)
        return finish(await runFrom(context, from, rest))
      if (from === undefined && config !== undefined)
        return finish(await run(context, config, rest))
      return command.error('error: name a config, or a run with --from, and not both')
    })

  program
    .command('tune')
    .summary('find the learning rate of one method or of several, with equal effort')
    .description(
      'Tries learning rates (and numbers of directions) for each method with the same rounds: drops the worse half after R/4 and after R/2 rounds. A stopped search continues with the same command.',
    )
    .argument('<config>', configHelp)
    .addOption(setOption('; with --methods also for one of them'))
    .option('--methods <names>', 'search for each, e.g. hiso,decomfl,decomfl-implicit')
    .option('--rates <list>', 'learning rates; if left out, an eighth to 16 times the config’s')
    .option('--perturbations <list>', 'numbers of directions P; if left out, the config’s')
    .option('--halvings <n>', 'how often the worse half is given up', '2')
    .option('--out <folder>', 'where its runs are; if left out, a folder in tuning/')
    .option('--json', 'print {"rungs": …, "methods": …}')
    .action(async (config: string, options: Parameters<typeof tune>[2]) =>
      finish(await tune(context, config, options)),
    )

  program
    .command('resume')
    .summary('go on with an interrupted run')
    .description(
      'Goes on with an interrupted or stopped run; the result has the same bits as if it had never stopped.',
    )
    .argument('<run>', runHelp)
    .option(
      '--discard-damaged',
      'go on from before what is damaged, or comes out differently, instead of refusing',
    )
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (folder: string, options: Parameters<typeof resume>[2]) =>
      finish(await resume(context, folder, options)),
    )

  program
    .command('extend')
    .summary('play more rounds of a run')
    .description(
      'Goes on with a run beyond its last round, in the same folder; its log records it. With a constant learning rate the result has the same bits as if the run had been longer from the start; what a cosine over all rounds means from there on is said.',
    )
    .argument('<run>', runHelp)
    .requiredOption('--rounds <n>', 'how many rounds to add')
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (folder: string, options: Parameters<typeof extend>[2]) =>
      finish(await extend(context, folder, options)),
    )

  program
    .command('fork')
    .summary('a new run that shares its first rounds with another')
    .description(
      'Copies the first rounds of a run into a new folder and plays the rest with other settings: learning rate, Hessian smoothing (nu), number of rounds, name, evaluation, compute. Both runs verify.',
    )
    .argument('<run>', runHelp)
    .requiredOption('--at <round>', 'how many rounds both share; 0 is before the first')
    .addOption(setOption())
    .option('--out <folder>', 'the folder of the new run; if left out, a new one in runs/')
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (folder: string, options: Parameters<typeof fork>[2]) =>
      finish(await fork(context, folder, options)),
    )

  program
    .command('replay')
    .summary('rebuild a run’s model from its log alone')
    .description('Rebuilds the model of a run from its log alone and prints the hash of its state.')
    .argument('<run>', runHelp)
    .option('--verify', 'compare with the hash that the run recorded; exit code 6 if it differs')
    .option('--json', 'print {"verified": …, "rounds": …, "stateHash": …}')
    .action(async (folder: string, options: Parameters<typeof replay>[2]) =>
      finish(await replay(context, folder, options)),
    )
}
