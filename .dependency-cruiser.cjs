/* Who may import whom. Every rule says why; test/house plants a violation of each and expects a failure. */

const TEST = '\\.test\\.ts$';

/** Node built-ins that compute and touch nothing outside the process; of net, ESLint lets isIP pass. */
const PURE_BUILTINS = '^(node:)?(assert|buffer|crypto|net|string_decoder|util|zlib)(/|$)';

// The digests, errors, lists and port types that every room speaks of. They import no room above
// policies; going by lineage's index.ts, which also exports the step functions, would make circles.
const VOCABULARY = '^domain/lineage/(digest|errors|lists|ports)\\.ts$';

const CLIENTS = '^node_modules/(@temporalio|minio|commander|listr2|pg|kysely)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'schemas-import-nothing',
      comment: 'Schemas are the vocabulary of every room; a room they knew would be known by all.',
      severity: 'error',
      from: { path: '^schemas/', pathNot: TEST },
      to: { path: '^(policies|domain|infra|activities|workflows|cli|console|worker\\.ts)' },
    },
    {
      name: 'policies-import-schemas-only',
      comment: 'A policy decides by figures; it must not know how they were made or stored.',
      severity: 'error',
      from: { path: '^policies/', pathNot: TEST },
      to: { path: '^(domain|infra|activities|workflows|cli|console|worker\\.ts)' },
    },
    {
      name: 'domain-imports-inwards',
      comment:
        'The domain declares the ports it needs as types and is handed their implementation, so that every stage runs in a test without a server.',
      severity: 'error',
      from: { path: '^domain/', pathNot: TEST },
      to: { path: '^(infra|activities|workflows|cli|console|worker\\.ts)' },
    },
    {
      name: 'domain-does-no-io',
      comment: 'The domain does no I/O: files, sockets, processes and threads come through ports.',
      severity: 'error',
      from: { path: '^domain/', pathNot: TEST },
      to: { dependencyTypes: ['core'], pathNot: PURE_BUILTINS },
    },
    {
      name: 'domain-uses-no-clients',
      comment: 'Clients of servers and terminals are I/O by another name.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: CLIENTS },
    },
    {
      name: 'infra-implements-ports',
      comment: 'Infra knows the ports of the domain, not the steps and workflows that use them.',
      severity: 'error',
      from: { path: '^infra/', pathNot: TEST },
      to: { path: '^(activities|workflows|cli|console|worker\\.ts)' },
    },
    {
      name: 'activities-receive-ports',
      comment:
        'Activities are handed their ports; only worker.ts and cli/compose.ts join them to infra.',
      severity: 'error',
      from: { path: '^activities/', pathNot: TEST },
      to: { path: '^(infra|workflows|cli|console|worker\\.ts)' },
    },
    {
      name: 'workflows-import-types-and-policies',
      comment:
        'Workflow code is replayed: it may see schemas, policies and the type of the activities, and nothing that runs elsewhere.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TEST },
      to: {
        path: '^(domain|infra|activities|cli|console|worker\\.ts)',
        pathNot: '^activities/api\\.ts$',
      },
    },
    {
      name: 'workflows-see-activities-as-types',
      comment: 'An activity imported as a value would run inside the workflow, unrecorded.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'replayed-code-has-no-built-ins',
      comment: 'Workflows, policies and schemas run in the workflow sandbox: no machine, no clock.',
      severity: 'error',
      from: { path: '^(workflows|policies|schemas)/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-use-the-workflow-sdk-only',
      comment: 'The rest of the SDK, and every other package, reaches outside the sandbox.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TEST },
      to: {
        path: '^node_modules/',
        pathNot: '^node_modules/@temporalio/(workflow|common)/',
      },
    },
    {
      name: 'nothing-imports-the-composition-root',
      comment: 'worker.ts is where everything meets; whoever imports it imports everything.',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^worker\\.ts$' },
    },
    {
      name: 'nothing-imports-the-cli',
      comment: 'The command line is a user of the rooms, never their library.',
      severity: 'error',
      from: { pathNot: '^(cli|test|bench)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'nothing-imports-the-console',
      comment: 'The console is a user of the rooms, never their library.',
      severity: 'error',
      from: { pathNot: '^(console|test|bench)/' },
      to: { path: '^console/' },
    },
    {
      name: 'users-reach-workflows-by-messages',
      comment: 'Callers name a workflow by its string and talk to it through messages.ts.',
      severity: 'error',
      from: { path: '^(cli|console)/' },
      to: { path: '^workflows/', pathNot: '^workflows/messages\\.ts$' },
    },
    {
      name: 'only-compose-joins-activities',
      comment:
        'Besides worker.ts, one file of the command line puts activities and infra together.',
      severity: 'error',
      from: { path: '^(cli|console)/', pathNot: '^cli/compose\\.ts$' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'through-the-door-of-a-sub-room',
      comment:
        'A room of domain/ or infra/ is entered by an index.ts; what stands behind it may change without asking.',
      severity: 'error',
      from: { path: '^(domain|infra)/([^/]+)/', pathNot: TEST },
      to: {
        path: '^(domain|infra)/[^/]+/',
        pathNot: ['^$1/$2/', '^(domain|infra)/.+/index\\.ts$', VOCABULARY],
      },
    },
    {
      name: 'through-the-door',
      comment: 'Outside domain/ and infra/ the same: by index.ts and not past it.',
      severity: 'error',
      from: { pathNot: ['^(domain|infra|test|bench)/', TEST] },
      to: {
        path: '^(domain|infra)/',
        pathNot: ['^(domain|infra)/.+/index\\.ts$', VOCABULARY],
      },
    },
    {
      name: 'through-the-door-of-schemas-and-policies',
      comment:
        'schemas/ and policies/ are entered by index.ts. policies/steps.ts and search-attributes.ts are doors of their own, for workflows: they keep the YAML parser and the validators out of their bundle.',
      severity: 'error',
      from: { path: '^([^/]+)/', pathNot: ['^(test|bench|scripts)/', TEST] },
      to: {
        path: '^(schemas|policies)/',
        pathNot: [
          '^$1/',
          '^(schemas|policies)/index\\.ts$',
          '^policies/(steps|search-attributes)\\.ts$',
        ],
      },
    },
    {
      name: 'no-cycles',
      comment: 'Files in a circle can only be understood, tested and changed together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that the checker cannot follow is an edge that no rule sees.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node(-gpu)?$' },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'A package that only happens to be installed is missing on the next machine.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-packages-at-run-time',
      comment: 'devDependencies are not installed where the package is used.',
      severity: 'error',
      from: {
        path: '^(schemas|policies|domain|infra|activities|workflows|cli|console|worker\\.ts)',
        pathNot: TEST,
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'products-import-no-tests',
      comment: "Fixtures, benches and maintainers' scripts are not part of the product.",
      severity: 'error',
      from: {
        path: '^(schemas|policies|domain|infra|activities|workflows|cli|console|worker\\.ts)',
        pathNot: TEST,
      },
      to: { path: `^(test|bench|scripts)/|${TEST}` },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(dist|coverage|models|\\.cache|\\.custos)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type-only imports are edges too: a type that crosses a wall binds both rooms.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
