/**
 * What each chart and each key figure shows, in a sentence, with its formula and the names of its
 * legend. The `?` of a chart and docs/charts.md (`npm test -- figures/charts/chartMeanings -u`) say
 * these texts; symbols are those of the glossary.
 */

export interface Meaning {
  readonly title: string
  /** What it shows, and how to read it. */
  readonly text: string
  /** TeX. */
  readonly formula?: string
  /** Names of the legend. */
  readonly names?: Readonly<Record<string, string>>
  /** What the other names of the legend are, which differ from run to run. */
  readonly others?: { readonly title: string; readonly text: string }
}

/** What a name of a chart's legend stands for. */
export function meaningOfName({ names, others }: Meaning, name: string): string | undefined {
  // 'F1, zero-shot' is F1 before the first round.
  return names?.[name] ?? names?.[name.split(', ').at(-1)!] ?? others?.text
}

const rounds = 'One point for each round, at the point of the x axis that you chose.'

export const chartMeanings = {
  loss: {
    title: 'Loss',
    text: `How wrong the model is: the mean loss over samples. Lower is better. ${rounds}`,
    formula: String.raw`f(x) = \frac1n \sum_n \ell_n(x)`,
    names: {
      train: 'The loss that the participants measured on their minibatches, before the step.',
      test: 'The loss on test samples that no client has, at each evaluation.',
    },
  },
  accuracy: {
    title: 'Test accuracy, or answers',
    text: 'The share of test samples that the model gets right, at each evaluation. Models that answer in words show exact match, F1 or ROUGE-L instead.',
    formula: String.raw`\frac{\text{right}}{\text{all test samples}}`,
    names: {
      accuracy: 'Samples whose most likely class is the right one, of all test samples.',
      'zero-shot': 'What the pre-trained model could do before the first round.',
      'exact match': 'Answers that equal the expected one, word for word.',
      F1: 'Words that answer and expectation share: the mean of precision and recall.',
      'ROUGE-L': 'The longest run of words, in order, that answer and expectation share.',
    },
  },
  scalars: {
    title: 'Gradient scalars',
    text: 'What clients send instead of gradients: for each direction one slope of their loss. A line is the aggregate of a direction, which every replica applies.',
    formula: String.raw`g = \frac{f(x + \mu z) - f(x)}{\mu}`,
    names: {
      clients: 'From the lowest to the highest participant of each step.',
    },
    others: {
      title: 'ḡ1, ḡ2, …',
      text: 'The aggregate of the scalars along one direction of the step.',
    },
  },
  roundBytes: {
    title: 'Bytes per round',
    text: 'The bytes of all messages of a round, as they were encoded. Areas lie on top of each other.',
    formula: String.raw`\sum_{i \in C_r} \left( |\text{reply}_i| + |\text{assignment}| + |\text{catch-up}_i| \right)`,
    names: {
      up: 'Replies: from the participants to the server.',
      down: 'Assignments: the seed, from the server to each participant.',
      'catch-up': 'The log of rounds that a participant slept through.',
      'down, broadcast':
        'On a network: what the server would send down if one message reached all: the opening and the longest catch-up, once.',
    },
  },
  cumulativeBytes: {
    title: 'Bytes so far',
    text: 'All bytes since the first round, on a logarithmic axis: each line up is many times more.',
    formula: String.raw`\sum_r (\text{up}_r + \text{down}_r) \quad \text{beside} \quad \sum_r 8\,d\,m`,
    names: {
      up: 'Replies, from the participants to the server.',
      down: 'Assignments and catch-up, from the server to the participants.',
      paper: 'The paper’s own count: 4 bytes for each scalar, up and down.',
      FedAvg: 'What sending the model down and back would cost: 8 bytes × d for each participant.',
    },
  },
  participation: {
    title: 'Participation',
    text: 'Who took part in which round. A row is a client, a column a round; a pale cell is a participant that gave no answer.',
  },
  hessian: {
    title: 'Diagonal Hessian',
    text: 'How the entries of H are spread, round by round: the darker a cell, the more coordinates have that h. A large h is a steep coordinate, along which steps are short.',
    formula: String.raw`H \leftarrow (1 - \nu) H + \nu (\Delta^2 + \varepsilon)`,
  },
  hessianRank: {
    title: 'Hessian by rank',
    text: 'All entries of H from the largest to the smallest. A steep left end is a few coordinates that are far steeper than the rest: then H pays.',
    others: {
      title: 'a round',
      text: 'All entries of H after this round; the newest is the strong line.',
    },
    formula: String.raw`h_{(1)} \ge h_{(2)} \ge \dots \ge h_{(d)}`,
  },
  effectiveRank: {
    title: 'Effective rank',
    text: 'How many coordinates count, as H sees it. It is d where all are equally steep, and 1 where one is.',
    formula: String.raw`\kappa = \frac{\mathrm{Tr}(H)}{\max_j h_j}`,
    names: {
      'κ = Tr(H) / max(H)': 'The sum of all entries of H, divided by the largest of them.',
    },
  },
  compare: {
    title: 'Comparison',
    text: 'Runs of one group, laid over each other: the thick line is the mean over seeds, thin ones are single runs. From three runs on a band says what chance does to the mean. The dashed line is the target of the table below.',
    names: { target: 'What has to be reached, for the costs in the table.' },
    others: { title: 'a group', text: 'Runs that differ by their seed alone, and their mean.' },
  },
  sweep: {
    title: 'Sweep',
    text: 'What runs came to against a setting that was varied. A line is a method, its band the spread over seeds: of two runs from one to the other. The ringed point is the best.',
    others: {
      title: 'a line',
      text: 'Runs that differ by the setting on the axis and by their seed; the best point of all is named.',
    },
  },
  tuning: {
    title: 'Search of learning rates',
    text: 'The test loss that each method comes to against η, with equal rounds for all. The shape of the valley matters, not only its floor: a wide one forgives a wrong rate. Points that diverged are left out.',
    names: {
      'best at the end': 'The candidate with the least loss after all rounds.',
    },
    others: { title: 'a method', text: 'Its loss at each learning rate that was tried.' },
  },
  scatter: {
    title: 'Learned H against the true diagonal',
    text: 'A dot is a coordinate. On the dashed line learned entries are in the proportion of the true ones; above it H is too large, and steps are shorter than they need to be.',
    names: { 'H = Σ': 'Where the learned entry is the true one.' },
    others: {
      title: 'H = c Σ',
      text: 'H and Σ are so far apart that no entry equals the true one: on this line each is c times it.',
    },
    formula: String.raw`h_j \;\text{against}\; \Sigma_{jj} = \frac{\partial^2 f}{\partial x_j^2}`,
  },
  spectrum: {
    title: 'Spectrum of the Hessian',
    text: 'How many directions have which curvature. A few eigenvalues far to the right are what makes a problem hard for one learning rate.',
    names: {
      'density of eigenvalues': 'The share of all directions that have this curvature.',
    },
    formula: String.raw`\Sigma v = \lambda v, \quad \Sigma = \nabla^2 f(x)`,
  },
  angle: {
    title: 'Cosine with the gradient',
    text: 'How well a step points where the gradient does: 1 is the gradient itself, 0 a direction that knows nothing of it. More directions raise it, at one forward pass each.',
    formula: String.raw`\cos\theta = \frac{\langle \Delta, \nabla f \rangle}{\|\Delta\| \, \|\nabla f\|}`,
    others: {
      title: 'a metric',
      text: 'What warps the directions: the learned H, none (H = 1), or the diagonal of the Hessian. Dashed: what theory expects for small μ.',
    },
  },
  timeline: {
    title: 'Time line',
    text: 'One round on the simulated network: when each participant was sent its messages, computed and answered. The line across is the end of the round; what comes behind it is late and dropped.',
    names: {
      waiting: 'The device is off, or the link of the server is still busy with others.',
      down: 'The opening of the round and the catch-up are on their way to the client.',
      computing: 'The device measures its forward passes, at its own speed.',
      up: 'The reply is on its way to the server.',
    },
  },
} as const satisfies Readonly<Record<string, Meaning>>

/** The key figures above the charts. */
export const figureMeanings = {
  round: {
    title: 'Round',
    text: 'The newest round, or the one under the crosshair.',
    formula: String.raw`(x_r, H_r) \to (x_{r+1}, H_{r+1})`,
  },
  trainLoss: {
    title: 'Train loss',
    text: chartMeanings.loss.names.train,
    formula: String.raw`\frac1m \sum_{i \in C_r} f_i(x_r; B_i)`,
  },
  testLoss: {
    title: 'Test loss',
    text: chartMeanings.loss.names.test,
    formula: chartMeanings.loss.formula,
  },
  accuracy: {
    title: 'Accuracy',
    text: chartMeanings.accuracy.names.accuracy,
    formula: String.raw`\frac{\text{right}}{\text{all test samples}}`,
  },
  f1: {
    title: 'F1',
    text: chartMeanings.accuracy.names.F1,
    formula: String.raw`\frac{2 \cdot \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}`,
  },
  rougeL: { title: 'ROUGE-L', text: chartMeanings.accuracy.names['ROUGE-L'] },
  zeroShot: { title: 'Zero-shot', text: chartMeanings.accuracy.names['zero-shot'] },
  up: {
    title: 'Up / round',
    text: 'The bytes of all replies of this round.',
    formula: String.raw`\sum_{i \in C_r} |\text{reply}_i|`,
  },
  down: {
    title: 'Down / round',
    text: 'The bytes of all assignments of this round, with what sleepers had to catch up on.',
    formula: String.raw`\sum_{i \in C_r} \left( |\text{assignment}| + |\text{catch-up}_i| \right)`,
  },
  bytes: {
    title: 'Bytes so far',
    text: 'All bytes that were sent since the first round.',
    formula: String.raw`\sum_r (\text{up}_r + \text{down}_r)`,
  },
  fedAvg: {
    title: 'FedAvg would send',
    text: 'What the same rounds would cost if the whole model went down to each participant and an update as long came back, 4 bytes for each parameter.',
    formula: String.raw`\sum_r 2 \cdot 4\,d\,m`,
  },
  passes: {
    title: 'Passes',
    text: 'Forward passes of all clients so far: one for each loss that was measured on a minibatch. With forward differences a local step takes P + 1, with central ones 2P.',
    formula: String.raw`\sum_r m\,\tau\,(P + 1)`,
  },
  privacy: {
    title: 'Privacy ε',
    text: 'The privacy spent so far: the smaller, the less a reply tells about one sample.',
    formula: String.raw`\Pr[A(D) \in S] \le e^{\varepsilon} \Pr[A(D') \in S] + \delta`,
  },
  learningRate: {
    title: 'Learning rate',
    text: 'η of this round: how far a step goes.',
    formula: String.raw`x \leftarrow x - \eta \Delta`,
  },
  pace: { title: 'Pace', text: 'Rounds in a second, over the last rounds.' },
  time: { title: 'Time', text: 'How long the rounds have taken, without pauses.' },
  simulated: {
    title: 'On network',
    text: 'Simulated time since the first round: what the bytes and passes would have taken on the network of the run, with its devices.',
  },
} as const satisfies Readonly<Record<string, Meaning>>
