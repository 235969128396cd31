/**
 * The arrows (docs/architecture.md): which folder may import from which. Each rule says why, and
 * scripts/arrows.test.ts plants an import that each forbids. Folders of core are written as layers
 * from the bottom up; a folder may import only from layers before its own.
 */
const layers = [
  ['base'],
  ['random', 'wire'],
  ['config', 'kernels'],
  ['hub', 'network'],
  ['data', 'onnx'],
  ['model'],
  ['methods'],
  ['federation'],
  ['curvature', 'walk'],
  ['tasks'],
  ['runs'],
  ['lessons'],
  ['link'],
  ['engine'],
]

const upward = layers.flatMap((layer, index) => {
  const above = layers.slice(index).flat()
  return layer.map((folder) => ({
    name: `core-${folder}-only-looks-down`,
    comment: `core/${folder} is used by the layers above it and must not know them.`,
    severity: 'error',
    from: { path: `^core/${folder}/`, pathNot: '\\.test\\.ts$' },
    to: { path: `^core/(${above.filter((other) => other !== folder).join('|')})/` },
  }))
})

module.exports = {
  forbidden: [
    ...upward.filter(({ to }) => to.path !== '^core/()/'),
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea, or the wrong two.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycles-of-types',
      comment: 'A type that two files share has a file of its own, or lives with the lower one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'folders-through-their-index',
      comment:
        "A folder's public names are those that its index.ts re-exports. Tests, and what only they use, see inside.",
      severity: 'error',
      from: { path: '^core/([^/]+)/', pathNot: ['\\.test\\.ts$', '^core/testing/'] },
      to: { path: '^core/([^/]+)/.+', pathNot: ['^core/$1/', '/index\\.ts$', '^core/testing/'] },
    },
    {
      name: 'faces-through-the-index-too',
      comment: 'Faces use what core offers, not what it is made of.',
      severity: 'error',
      from: {
        path: '^(figures|platform|api|cli|electron|renderer|bench)/',
        pathNot: '\\.test\\.ts$',
      },
      to: {
        path: '^core/[^/]+/.+',
        // The engine's index would bring all of the engine into the renderer.
        pathNot: ['/index\\.ts$', '^core/testing/', '^core/engine/protocol/requestEffects\\.ts$'],
      },
    },
    {
      name: 'platform-through-its-index',
      comment: 'Faces use the machine that platform/ describes, not the parts that it is made of.',
      severity: 'error',
      from: { path: '^(api|cli|electron|renderer|bench)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^platform/.+',
        pathNot: ['/index\\.ts$', '/workerThread\\.ts$', '^platform/quarantine/reader'],
      },
    },
    {
      name: 'figures-through-their-index',
      comment: 'Faces use the figures that there are, not the parts that they are made of.',
      severity: 'error',
      from: { path: '^(api|cli|electron|renderer|bench)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^figures/.+', pathNot: '^figures/index\\.ts$' },
    },
    {
      name: 'core-is-plain-ecmascript',
      comment:
        'Only platform/ knows Node and onnxruntime-node; figures are drawn in a window, too.',
      severity: 'error',
      from: {
        path: '^(core|figures)/',
        pathNot: ['^core/testing/', '\\.test\\.ts$', '^core/kernels/assembly/'],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-folder-knows-the-inference-runtime',
      comment: 'Another runtime would be another file in platform.',
      severity: 'error',
      from: { pathNot: ['^platform/', '^core/.+\\.test\\.ts$'] },
      to: { path: 'node_modules/onnxruntime' },
    },
    {
      name: 'one-folder-knows-the-broker',
      comment: 'Another broker would be another folder in platform.',
      severity: 'error',
      from: { pathNot: ['^platform/nats/', '\\.test\\.ts$'] },
      to: { path: 'node_modules/@nats-io' },
    },
    {
      name: 'core-knows-no-machine-and-no-face',
      comment:
        'The engine is a library: machines are given to it, and CLI and app are thin faces of it.',
      severity: 'error',
      from: { path: '^core/', pathNot: ['\\.test\\.ts$', '^core/testing/'] },
      to: { path: '^(figures|platform|api|cli|electron|renderer|e2e|bench|fuzz|pretrain)/' },
    },
    {
      name: 'figures-know-no-machine-and-no-face',
      comment: 'Window and command line make the same file: what they share knows neither.',
      severity: 'error',
      from: { path: '^figures/' },
      to: { path: '^(platform|api|cli|electron|renderer|e2e|bench|fuzz|pretrain)/' },
    },
    {
      name: 'platform-knows-no-face',
      comment: 'Faces are built on a machine, never the other way round.',
      severity: 'error',
      from: { path: '^platform/' },
      to: { path: '^(api|cli|electron|renderer|e2e|bench|fuzz|pretrain)/' },
    },
    {
      name: 'fuzz-tries-readers-not-faces',
      comment: 'It sees inside what it tries, and needs no window and no terminal.',
      severity: 'error',
      from: { path: '^fuzz/' },
      to: { path: '^(api|cli|electron|renderer|e2e|bench|pretrain)/' },
    },
    {
      name: 'nobody-needs-the-fuzz',
      comment: 'What tries the product is no part of it.',
      severity: 'error',
      from: { path: '^(cli|electron|renderer|e2e|bench|pretrain)/' },
      to: { path: '^fuzz/' },
    },
    {
      name: 'api-knows-no-face',
      comment: 'The command line is built on what programs import, never the other way round.',
      severity: 'error',
      from: { path: '^api/' },
      to: { path: '^(cli|electron|renderer|e2e|bench|fuzz|pretrain)/' },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'Toys stay out of the product.',
      severity: 'error',
      from: {
        path: '^(core|figures|platform|api|cli|electron|renderer)/',
        pathNot: ['\\.test\\.ts$', '^(core|figures|cli|renderer)/testing/'],
      },
      to: { path: '^(core|figures|cli|renderer)/testing/' },
    },
    {
      name: 'main-and-preload-take-only-types-of-core',
      comment: 'Main brokers; the engine lives in its own process.',
      severity: 'error',
      from: { path: '^electron/(main|preload|ipc)/' },
      to: { path: '^core/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engine-process-knows-no-electron',
      comment: 'It is a plain Node process too: the main process alone decides about windows.',
      severity: 'error',
      from: { path: '^electron/engineProcess/' },
      to: { path: ['^electron/(main|preload)/', 'node_modules/electron/'] },
    },
    {
      name: 'renderer-takes-config-and-statistics-as-values',
      comment:
        'Everything else of core reaches the renderer as messages; what may be sent twice is part of the protocol.',
      severity: 'error',
      from: { path: '^(figures|renderer)/', pathNot: ['^renderer/testing/', '\\.test\\.ts$'] },
      to: {
        path: '^core/',
        pathNot:
          '^core/((config|runs|base|lessons|link)/index|engine/protocol/requestEffects)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'features-never-import-features',
      comment: 'What two features share belongs to components, charts or stores.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/([^/]+)/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports is an attic.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          '\\.config\\.(js|ts|mjs|cjs)$',
          '^\\.dependency-cruiser',
          '^scripts/',
          '^core/kernels/assembly/',
          '\\.test\\.ts$',
          '^bench/',
          '^e2e/',
          '^core/testing/models/',
        ],
      },
      to: {},
    },
    {
      name: 'no-undeclared-packages',
      comment: 'What is imported is in package.json.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'nothing-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['\\?(asset|modulePath|nodeWorker|url|raw)$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // From the root: a folder of the sources may be called runs, one of a package dist.
    exclude: { path: '^(dist|out|release|\\.tsbuild|\\.cache|runs)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.js', '.mjs', '.cjs', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
