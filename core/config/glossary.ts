/**
 * The glossary as data: every term of the program, with its symbol, unit and formula. Each term and
 * each symbol stands here once. docs/glossary.md is generated from it
 * (`npm test -- core/config/glossary -u`), and faces read it to explain a word.
 */

export interface GlossaryEntry {
  readonly term: string
  readonly topic: GlossaryTopic
  /** As formulas write it; no two entries share one. */
  readonly symbol?: string
  /** Its name in code, config keys and file columns. */
  readonly code?: string
  /** Unit, or type and shape. */
  readonly unit?: string
  /** What it is: one sentence. */
  readonly meaning: string
  /** In plain Unicode, with the symbols of this glossary. */
  readonly formula?: string
}

/** Topics in the order of the page, with their headings. */
export const glossaryTopics = {
  federation: 'Federation',
  directions: 'Directions and steps',
  curvature: 'The diagonal Hessian',
  vectors: 'Methods that send vectors',
  robustness: 'Attackers and privacy',
  models: 'Models and data',
  network: 'Time on a network',
  wire: 'Messages',
  engine: 'Runs and the engine',
} as const

type GlossaryTopic = keyof typeof glossaryTopics

export const glossary: readonly GlossaryEntry[] = [
  {
    term: 'client',
    topic: 'federation',
    symbol: 'i',
    code: 'client',
    meaning: 'One owner of data that takes part in training without giving its data away.',
  },
  {
    term: 'number of clients',
    topic: 'federation',
    symbol: 'M',
    code: 'clients',
    unit: 'clients',
    meaning: 'All clients of the federation, whether or not they take part in a round.',
  },
  {
    term: 'participants',
    topic: 'federation',
    symbol: 'm',
    code: 'participants',
    unit: 'clients per round',
    meaning: 'The clients that the server samples for a round, without replacement.',
  },
  {
    term: 'answering participants',
    topic: 'federation',
    code: 'answering, answered',
    unit: 'clients per round',
    meaning: 'The participants that did not drop out of the round.',
  },
  {
    term: 'round',
    topic: 'federation',
    symbol: 'r',
    code: 'round',
    meaning:
      'One exchange between the server and its participants; zero-based in code and files, one-based on screen.',
  },
  {
    term: 'number of rounds',
    topic: 'federation',
    symbol: 'R',
    code: 'rounds',
    unit: 'rounds',
    meaning: 'How many rounds the run lasts.',
  },
  {
    term: 'local step',
    topic: 'federation',
    symbol: 'k',
    code: 'localStep',
    meaning: 'One step that a participant takes on its own data within a round.',
  },
  {
    term: 'number of local steps',
    topic: 'federation',
    symbol: 'τ',
    code: 'localSteps',
    unit: 'steps per round',
    meaning: 'How many local steps each participant takes in a round.',
  },
  {
    term: 'minibatch',
    topic: 'federation',
    symbol: 'B',
    code: 'batchSize',
    unit: 'samples',
    meaning: 'The samples of its own that a client measures one local step on.',
  },
  {
    term: 'split',
    topic: 'federation',
    code: 'split, Partition',
    meaning: 'Which client holds which training samples.',
  },
  {
    term: 'Dirichlet concentration',
    topic: 'federation',
    symbol: 'α',
    code: 'alpha',
    meaning:
      'How alike the class mixes of clients are: a small value gives each client few classes.',
    formula: 'q_i ~ Dir(α, …, α)',
  },
  {
    term: 'aggregator',
    topic: 'federation',
    code: 'aggregator',
    meaning:
      'The rule that turns the replies of a round into one: mean, median, trimmed mean or Krum.',
  },

  {
    term: 'parameters',
    topic: 'directions',
    symbol: 'x',
    code: 'params',
    unit: 'float32[d]',
    meaning: 'The numbers that training changes.',
  },
  {
    term: 'dimension',
    topic: 'directions',
    symbol: 'd',
    code: 'dim',
    unit: 'parameters',
    meaning: 'How many parameters training changes.',
  },
  {
    term: 'objective',
    topic: 'directions',
    symbol: 'f',
    code: 'Objective',
    meaning: 'The loss of a minibatch as a function of the parameters.',
  },
  {
    term: 'seed',
    topic: 'directions',
    symbol: 's',
    code: 'seed',
    unit: 'uint32',
    meaning: 'The number from which everybody draws the same directions of a round.',
  },
  {
    term: 'perturbation',
    topic: 'directions',
    symbol: 'p',
    code: 'perturbation',
    meaning: 'One of the random directions that a local step tries.',
  },
  {
    term: 'number of perturbations',
    topic: 'directions',
    symbol: 'P',
    code: 'perturbations',
    unit: 'directions per local step',
    meaning: 'How many random directions each local step tries.',
  },
  {
    term: 'noise',
    topic: 'directions',
    symbol: 'u',
    code: 'noise',
    unit: 'float32[d]',
    meaning: 'A random vector that follows from the seed and the number of the perturbation.',
    formula: 'E[u uᵀ] = I',
  },
  {
    term: 'direction',
    topic: 'directions',
    symbol: 'z',
    code: 'direction',
    unit: 'float32[d]',
    meaning: 'The noise, divided by the square root of the metric if the method has one.',
    formula: 'z = u / √h',
  },
  {
    term: 'metric',
    topic: 'directions',
    symbol: 'h',
    code: 'metric',
    unit: 'float32[d]',
    meaning: 'What warps directions: the learned H, ones, or the true diagonal in the Hessian lab.',
  },
  {
    term: 'smoothing parameter',
    topic: 'directions',
    symbol: 'μ',
    code: 'mu',
    meaning: 'How far from x along a direction the loss is measured.',
  },
  {
    term: 'probe',
    topic: 'directions',
    code: 'probe',
    meaning: 'A point at which a loss is measured.',
    formula: 'x, x + μz or x − μz',
  },
  {
    term: 'gradient scalar',
    topic: 'directions',
    symbol: 'g',
    code: 'scalar',
    unit: 'float32',
    meaning:
      "The slope of a client's loss along one direction, one for each local step and perturbation.",
    formula: 'g = [f(x + μz) − f(x)] / μ, or [f(x + μz) − f(x − μz)] / 2μ',
  },
  {
    term: 'aggregated scalar',
    topic: 'directions',
    symbol: 'ḡ',
    code: 'aggregate',
    unit: 'float32',
    meaning:
      'What the aggregator makes of the gradient scalars of all participants along one direction.',
  },
  {
    term: 'step direction',
    topic: 'directions',
    symbol: 'Δ',
    code: 'delta',
    unit: 'float32[d]',
    meaning: 'The estimated gradient that one local step goes against.',
    formula: 'Δ = (1/P) Σ_p ḡ_p z_p',
  },
  {
    term: 'learning rate',
    topic: 'directions',
    symbol: 'η',
    code: 'learningRate',
    meaning: 'The size of the step along the estimated gradient.',
    formula: 'x ← x − η Δ',
  },
  {
    term: 'weight decay',
    topic: 'directions',
    symbol: 'λ',
    code: 'weightDecay',
    meaning: 'How strongly each local step pulls the parameters towards zero.',
    formula: 'x ← x − η (Δ + λ x)',
  },
  {
    term: 'momentum',
    topic: 'directions',
    symbol: 'β',
    code: 'momentum, localMomentum',
    meaning: 'The share of the previous velocity that a step keeps.',
    formula: 'v ← β v + Δ',
  },
  {
    term: 'cone angle',
    topic: 'directions',
    symbol: 'θ',
    code: 'coneAngle',
    unit: 'radians, in (0, π/2]',
    meaning: 'How far the directions of ConMeZO lie from the momentum of past rounds.',
    formula: 'z = √d cos θ · v / ‖v‖ + sin θ · u',
  },
  {
    term: 'seed pool',
    topic: 'directions',
    symbol: 'K',
    code: 'pool',
    unit: 'seeds',
    meaning: 'The number of seeds that FedKSeed draws its rounds from.',
  },

  {
    term: 'Hessian',
    topic: 'curvature',
    symbol: 'Σ',
    code: 'hessian',
    unit: 'd × d',
    meaning: 'The second derivatives of the loss.',
  },
  {
    term: 'diagonal Hessian',
    topic: 'curvature',
    symbol: 'H',
    code: 'hessian',
    unit: 'float32[d]',
    meaning:
      'What a method has learned of the diagonal of the Hessian; it starts at 1 and stays above 0.',
    formula: 'H ← (1 − ν) H + ν (Δ² + ε_H)',
  },
  {
    term: 'Hessian smoothing',
    topic: 'curvature',
    symbol: 'ν',
    code: 'nu',
    meaning: "The weight of the new estimate in H; the authors' `hessian_smooth` is 1 − ν.",
  },
  {
    term: 'Hessian offset',
    topic: 'curvature',
    symbol: 'ε_H',
    code: 'epsilon',
    meaning: 'A small number added to every squared estimate, so that H never reaches 0.',
  },
  {
    term: 'true diagonal',
    topic: 'curvature',
    symbol: 'Σ_jj',
    code: 'trueDiagonal',
    unit: 'float32[d]',
    meaning: 'The diagonal of the Hessian of the loss on a fixed sample of training data.',
  },
  {
    term: 'effective rank',
    topic: 'curvature',
    symbol: 'κ',
    code: 'effectiveRank',
    meaning: 'How many directions carry the curvature of the loss.',
    formula: 'κ = Tr(Σ) / ‖Σ‖',
  },
  {
    term: 'whitening rank',
    topic: 'curvature',
    symbol: 'ζ',
    code: 'whiteningRank',
    meaning: 'What remains of the effective rank after whitening by H.',
    formula: 'ζ = Tr(H^(−1/2) Σ H^(−1/2))',
  },
  {
    term: 'largest curvature',
    topic: 'curvature',
    symbol: 'L',
    code: 'largest',
    meaning: 'The largest eigenvalue of the Hessian of the quadratic task.',
  },
  {
    term: 'ceiling',
    topic: 'curvature',
    code: 'ceiling',
    meaning:
      'The rank correlation that a perfect H would reach, given how well the truth is known.',
  },

  {
    term: 'update',
    topic: 'vectors',
    symbol: 'Δ_i',
    code: 'Update',
    unit: 'float32[d]',
    meaning: "By how much a participant's local training changed the model.",
    formula: 'Δ_i = x_i − x',
  },
  {
    term: 'server learning rate',
    topic: 'vectors',
    symbol: 'ηₛ',
    code: 'serverLearningRate',
    meaning: 'The size of the step that the server takes along the aggregated update.',
  },
  {
    term: 'server momentum',
    topic: 'vectors',
    symbol: 'β_s',
    code: 'serverMomentum',
    meaning: "The share of the server's velocity that a round keeps.",
  },
  {
    term: 'first moment',
    topic: 'vectors',
    symbol: 'β₁',
    code: 'firstMoment',
    meaning: 'The share of the running mean of updates that an adaptive server keeps.',
  },
  {
    term: 'second moment',
    topic: 'vectors',
    symbol: 'β₂',
    code: 'secondMoment',
    meaning: 'The share of the running mean of squared updates that an adaptive server keeps.',
  },
  {
    term: 'proximal weight',
    topic: 'vectors',
    symbol: 'ρ',
    code: 'proximalWeight',
    meaning: 'How strongly FedProx pulls local training back to the model that was sent.',
    formula: 'g + ρ (x_i − x)',
  },
  {
    term: 'control variate',
    topic: 'vectors',
    symbol: 'c, c_i',
    code: 'control, ownControl',
    unit: 'float32[d]',
    meaning: "SCAFFOLD's correction for the drift of each client.",
    formula: 'g + c − c_i',
  },

  {
    term: 'attacker',
    topic: 'robustness',
    code: 'attack',
    meaning: 'A client that sends other values than the ones it measured.',
  },
  {
    term: 'clip',
    topic: 'robustness',
    symbol: 'C',
    code: 'clip',
    meaning: 'The length to which a longer private reply is scaled down.',
  },
  {
    term: 'noise multiplier',
    topic: 'robustness',
    symbol: 'σ',
    code: 'noiseMultiplier',
    unit: 'clips',
    meaning: 'The standard deviation of the noise on a private reply, in units of the clip.',
    formula: 'g + N(0, (σC)²)',
  },
  {
    term: 'privacy spent',
    topic: 'robustness',
    symbol: 'ε',
    code: 'epsilon',
    meaning: 'The privacy loss so far of the client that has replied most often.',
  },
  {
    term: 'failure probability',
    topic: 'robustness',
    symbol: 'δ',
    code: 'delta',
    meaning: 'The probability with which the promise of ε may fail.',
  },

  {
    term: 'trainable graph',
    topic: 'models',
    code: 'TrainableGraph',
    meaning: 'An ONNX model whose trainable weights are inputs and whose losses are an output.',
  },
  {
    term: 'trainable set',
    topic: 'models',
    code: 'trainables',
    meaning:
      'The parameters of a language model that x holds: all, LoRA matrices, or those that match a pattern.',
  },
  {
    term: 'LoRA',
    topic: 'models',
    code: 'rank, alpha',
    meaning: 'Training two thin matrices A and B beside each chosen weight W, which stays fixed.',
    formula: 'y = x W + (alpha / rank) (x A) B',
  },
  {
    term: 'decoder',
    topic: 'models',
    code: 'Decoder',
    meaning: 'A language model whose inputs, logits and weights the program has recognised.',
  },
  {
    term: 'role of a weight',
    topic: 'models',
    code: 'WeightRole',
    meaning:
      'What a weight of a decoder does: embedding, position, q, k, v, qkv, o, mlp, norm or head.',
  },
  {
    term: 'row of tokens',
    topic: 'models',
    code: 'TokenRow',
    unit: 'int32 token ids',
    meaning: 'One text as token ids, with the place from which the model learns them.',
  },
  {
    term: 'pick',
    topic: 'models',
    code: 'picks',
    meaning: 'A place in a row whose next token the model predicts.',
  },
  {
    term: 'template',
    topic: 'models',
    code: 'Template',
    meaning: 'How a row of a table becomes a prompt, and which answer is expected after it.',
  },
  {
    term: 'verbalizer',
    topic: 'models',
    code: 'verbalizers',
    meaning: 'The one token that stands for a class after a prompt.',
  },
  {
    term: 'candidates',
    topic: 'models',
    code: 'candidates',
    unit: 'token ids',
    meaning: 'The token ids of the verbalizers, among which the model chooses.',
  },
  {
    term: 'zero-shot',
    topic: 'models',
    code: 'initial',
    meaning: 'What a pre-trained model can do before the first round.',
  },
  {
    term: 'hub',
    topic: 'models',
    code: 'hf:owner/name',
    meaning:
      'The Hugging Face hub, or the server that HF_ENDPOINT names; contacted only on request.',
  },

  {
    term: 'network',
    topic: 'network',
    code: 'network',
    meaning: 'What connects simulated clients and their server: it gives a run its simulated time.',
  },
  {
    term: 'simulated time',
    topic: 'network',
    code: 'simulatedMs',
    unit: 'ms',
    meaning: "What a run's bytes and passes would have taken on its network, with its devices.",
  },
  {
    term: 'device',
    topic: 'network',
    code: 'devices',
    meaning: 'What a simulated client computes on: it has a speed, and hours in which it is on.',
  },
  {
    term: 'deadline',
    topic: 'network',
    code: 'deadline',
    unit: 's',
    meaning: 'How long the server waits in a round; what comes later is late, and dropped.',
  },
  {
    term: 'late',
    topic: 'network',
    code: 'late',
    unit: 'clients',
    meaning: 'Participants of a round whose answers came behind the deadline.',
  },
  {
    term: 'unicast and broadcast',
    topic: 'network',
    code: 'downlinkBytes, broadcastBytes',
    unit: 'bytes',
    meaning:
      'What the server sends if each client gets its own copy, and if one message reaches all.',
  },

  {
    term: 'frame',
    topic: 'wire',
    code: 'frame',
    unit: 'bytes',
    meaning: 'A message as bytes: type, length, payload and checksum.',
  },
  {
    term: 'assignment',
    topic: 'wire',
    code: 'Assignment',
    meaning: 'The message that opens a round for a participant.',
  },
  {
    term: 'reply',
    topic: 'wire',
    code: 'Reply',
    meaning: 'The message with which a participant sends its scalars.',
  },
  {
    term: 'entry',
    topic: 'wire',
    code: 'Entry',
    meaning: 'What one round did: its seed and its aggregated scalars.',
  },
  {
    term: 'change',
    topic: 'wire',
    code: 'Change',
    meaning: 'A message that gives a setting another value from a round on.',
  },
  {
    term: 'catch-up',
    topic: 'wire',
    code: 'catchUpBytes',
    unit: 'bytes',
    meaning:
      'The frames of the log that a participant has missed and receives with its assignment.',
  },
  {
    term: 'ledger',
    topic: 'wire',
    code: 'Ledger',
    meaning: 'The counts of all bytes that were encoded.',
  },
  {
    term: 'precision',
    topic: 'wire',
    code: 'precision',
    meaning:
      'How a scalar is written in a message: float32, float16, bfloat16, int8, int4 or sign.',
  },

  {
    term: 'log',
    topic: 'engine',
    code: 'ScalarLog',
    meaning: 'All entries and changes of a run, in order.',
  },
  {
    term: 'replica',
    topic: 'engine',
    symbol: '(x, H)',
    code: 'Replica',
    meaning:
      'A copy of the parameters and the diagonal Hessian that changes only by applying the log.',
  },
  {
    term: 'state hash',
    topic: 'engine',
    code: 'stateHash',
    meaning: 'The SHA-256 of x, followed by H.',
  },
  {
    term: 'worker',
    topic: 'engine',
    code: 'RoundWorker',
    meaning: 'A replica and an objective that measure losses, in a thread of their own.',
  },
  {
    term: 'shared state',
    topic: 'engine',
    code: 'SharedState',
    meaning: 'One copy of x and H that all workers of a process update together.',
  },
  {
    term: 'chunk',
    topic: 'engine',
    code: 'chunksAt',
    meaning: 'The coordinates that one worker updates at a time where the state is shared.',
  },
  {
    term: 'provider',
    topic: 'engine',
    code: 'provider',
    meaning: 'Where ONNX Runtime computes: cpu, webgpu, cuda, dml or coreml.',
  },
  {
    term: 'residency',
    topic: 'engine',
    code: 'Residency',
    meaning:
      'Whether the parameters stay on the device that computes the losses or are sent for each pass.',
  },
  {
    term: 'library',
    topic: 'engine',
    meaning: 'A folder of runs.',
  },
]
