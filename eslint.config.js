/** Lint rules by folder: a file's path says what it may use. */
import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only: one name for one thing.',
}

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'dist/',
      'out/',
      'release/',
      '.tsbuild/',
      '.cache/',
      'runs/',
      'core/kernels/assembly/**/*.ts',
      '**/*.generated.ts',
      'resources/',
      'test-results/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  ...vue.configs['flat/essential'],
  {
    languageOptions: {
      parserOptions: {
        project: [
          './electron/*/tsconfig.json',
          './tsconfig.json',
          './*/tsconfig.json',
          './tsconfig.tests.json',
        ],
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      'no-restricted-syntax': ['error', noDefaultExport],
      'no-constant-condition': ['error', { checkLoops: false }],
      eqeqeq: 'error',
      // Prettier keeps the code within this width, and this rule the comments. Formulas and byte
      // layouts, which are indented, stand as they are.
      'max-len': [
        'error',
        { code: 1000, comments: 100, ignoreUrls: true, ignorePattern: '^ \\*( {4,}| +`\\{)' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    // The same bits everywhere: no chance, no clock, no locale in the engine.
    files: ['core/**/*.ts'],
    ignores: ['core/testing/**', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Draw from a RandomStream.' },
        { object: 'Date', property: 'now', message: 'Ask the host.' },
        { object: 'performance', property: 'now', message: 'Ask the host.' },
      ],
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        { selector: "NewExpression[callee.name='Date']", message: 'Ask the host for the time.' },
        {
          selector: 'MemberExpression[property.name=/^(toLocale.*|localeCompare)$/]',
          message: 'Results and files must not depend on the locale.',
        },
      ],
    },
  },
  {
    // Parameters and noise take their bits from core/random's own functions.
    files: ['core/{random,kernels,data,model,methods,federation}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...[
          'random',
          'log',
          'log2',
          'log10',
          'log1p',
          'exp',
          'expm1',
          'pow',
          'sin',
          'cos',
          'tan',
          'tanh',
          'cbrt',
        ].map((property) => ({
          object: 'Math',
          property,
          message: 'Its bits differ between engines: use core/random, or draw from a RandomStream.',
        })),
        { object: 'Date', property: 'now', message: 'Ask the host.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.spec.ts', 'core/testing/**', 'renderer/testing/**'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  {
    files: ['electron/**/*.ts'],
    ignores: ['electron/ipc/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'electron',
              importNames: ['ipcMain', 'ipcRenderer'],
              message: 'Only electron/ipc speaks raw IPC.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // A component is told apart from HTML elements by its import; TypeScript knows the globals.
    rules: { 'vue/multi-word-component-names': 'off', 'no-undef': 'off' },
  },
  {
    // vue-tsc checks what components export; to ESLint it is unknown.
    files: [
      '**/*.vue',
      'renderer/mountApp.ts',
      'renderer/features/export/runHandOut.ts',
      'renderer/features/lessons/handOut.ts',
      'renderer/main.ts',
      'renderer/views.ts',
      'renderer/testing/**',
    ],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Tools that demand a default export, and Vue components.
    files: ['**/*.config.{js,ts,mjs}', 'e2e/prepare.ts', '**/*.vue', '**/*.d.ts', 'scripts/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'Buffer',
          'fetch',
          'setTimeout',
          'clearTimeout',
          'module',
          'TextDecoder',
          'TextEncoder',
          'AbortSignal',
          'require',
          '__dirname',
          '__filename',
          'window',
          'document',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
)
