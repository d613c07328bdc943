import { builtinModules } from 'node:module';
import { basename } from 'node:path';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const kebabCaseFiles = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { name: 'name the file in kebab-case: {{file}}' },
  },
  create: (context) => ({
    Program(node) {
      const file = basename(context.filename);
      if (/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/.test(file)) return;
      context.report({ node, messageId: 'name', data: { file } });
    },
  }),
};

const namedExportsOnly = [
  {
    selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
    message: 'Named exports only: a name that is the same everywhere can be searched for.',
  },
  {
    selector: 'TSEnumDeclaration',
    message: 'Use a union of literals: an enum is a value that types alone cannot erase.',
  },
];

const clockAndChance = [
  {
    selector:
      'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"]',
    message: 'No clock here: take the time as an argument.',
  },
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message: 'No clock here: take the time as an argument.',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Randomness is public (Philox, seeded) or secret (drawn once and committed).',
  },
];

const bareBuiltins = builtinModules
  .filter((name) => !name.startsWith('node:') && !name.startsWith('_'))
  .map((name) => ({ name, message: `Write node:${name}.` }));

const impureImports = [
  {
    name: 'node:net',
    allowImportNames: ['isIP', 'isIPv4', 'isIPv6'],
    message: 'The domain opens no sockets.',
  },
  {
    name: 'node:crypto',
    importNames: ['randomBytes', 'randomInt', 'randomUUID', 'getRandomValues', 'randomFillSync'],
    message: 'Randomness is public (Philox, seeded) or secret (drawn once and committed).',
  },
];

const restrictSyntax = (...rules) => ({ 'no-restricted-syntax': ['error', ...rules.flat()] });

export default defineConfig(
  globalIgnores([
    'dist/',
    'coverage/',
    'schemas/generated/',
    '.custos/',
    '.cache/',
    'models/**/.venv/',
    'test/fixtures/',
  ]),
  {
    files: ['**/*.{js,mjs,cjs,ts}'],
    plugins: { house: { rules: { 'kebab-case-files': kebabCaseFiles } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'house/kebab-case-files': 'error',
      'no-restricted-imports': ['error', { paths: bareBuiltins }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-console': 'error',
      ...restrictSyntax(namedExportsOnly),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // Spreading a string yields code points, which is what text needs here.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `while (true)` around a read loop says what it does.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['{workflows,policies,domain,schemas}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      ...restrictSyntax(namedExportsOnly, clockAndChance),
      'no-restricted-imports': ['error', { paths: [...bareBuiltins, ...impureImports] }],
      'no-restricted-globals': [
        'error',
        { name: 'performance', message: 'No clock here: take the time as an argument.' },
      ],
    },
  },
  {
    files: ['workflows/**/*.ts', 'policies/**/*.ts', 'schemas/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['performance', 'process', 'Buffer', 'crypto', 'fetch', 'setInterval'].map((name) => ({
          name,
          message: 'Workflow code is replayed: it sees no machine.',
        })),
      ],
    },
  },
  {
    // Loops over typed arrays whose bounds are the tensor's shape: a check for undefined in the
    // innermost loop says nothing and costs time.
    files: ['domain/{model,train,leak,minimize}/**/*.ts', 'infra/compute/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['cli/**', 'scripts/**', 'bench/**', 'samples/**', 'infra/**/supervisor.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Tools that read a default export and nothing else.
    files: ['*.config.{js,ts}', '.dependency-cruiser.cjs'],
    rules: { 'house/kebab-case-files': 'off', 'no-restricted-syntax': 'off' },
  },
);
