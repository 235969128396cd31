/** Commands that let several machines work for one run. */
import { join } from '../commands/join.ts'
import { serve } from '../commands/serve.ts'
import { worker } from '../commands/worker.ts'
import { usualDeadline } from '../serveLine.ts'
import { configHelp, brokerHelp, credentialsOption, setOption, type Commands } from './shared.ts'

export function addMachines({ program, context, finish }: Commands): void {
  program
    .command('serve')
    .summary('the server of a federation of real clients')
    .description(
      'Opens a federation at a message broker and plays its rounds with the clients that join it, which keep their data. Goes on from its log when it is started again with the same folder. With --invite it writes credentials instead.',
    )
    .argument('<config>', configHelp)
    .addOption(setOption())
    .option('--broker <address>', brokerHelp)
    .requiredOption('--out <folder>', 'the run folder, new or to go on with')
    .option('--invite <names...>', 'write a credentials file for each, and the broker’s users')
    .addOption(credentialsOption())
    .option(
      '--start <n>',
      'the first round of a sitting waits for so many clients; if left out, for all',
    )
    .option('--quorum <n>', 'a round needs so many answers; if left out, half of its participants')
    .option('--deadline <seconds>', 'how long a round waits for those who are there', usualDeadline)
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (config: string, options: Parameters<typeof serve>[2]) =>
      finish(await serve(context, config, options)),
    )

  program
    .command('join')
    .summary('one client of a federation, with its own data')
    .description(
      'Joins a federation until it ends. Nothing but answers to rounds leaves this machine: the scalars that docs/wire-format.md describes.',
    )
    .argument('<broker>', brokerHelp)
    .requiredOption('--client <name>', 'who this is')
    .option(
      '--data <dataset>',
      'this client’s own data, named as in task.dataset; if left out, its share of the dataset that the config names',
    )
    .option('--model <file>', 'the model’s file here, if the config names one')
    .addOption(credentialsOption())
    .action(async (address: string, options: Parameters<typeof join>[2]) =>
      finish(await join(context, address, options)),
    )

  program
    .command('worker')
    .summary('let this machine work for runs elsewhere')
    .description(
      'Offers this machine’s workers to runs whose config names the same broker as compute.cluster. It needs neither their models nor their data: it fetches them once, and keeps them. Ctrl-C ends it; runs go on without it.',
    )
    .argument('<broker>', brokerHelp)
    .option('--workers <n>', 'how many workers; if left out, as many as there are cores')
    .option('--name <name>', 'what runs call this machine; if left out, its host name')
    .addOption(credentialsOption())
    .action(async (address: string, options: Parameters<typeof worker>[2]) =>
      finish(await worker(context, address, options)),
    )
}
