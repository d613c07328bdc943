import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SEARCH_ATTRIBUTES } from '../../policies/index.js';

// What an engine would refuse or let through in silence. No container engine is needed here.

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: unknown;
  readonly privileged?: unknown;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly build?: string;
  readonly restart?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const compose = parse(readFileSync('compose.yaml', 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = readFileSync('Dockerfile', 'utf8').replaceAll('\\\n', ' ');
const stages = dockerfile.split(/^FROM /m).slice(1);

describe('compose.yaml', () => {
  it.each(services)('%s has no more rights than it needs', (_, service) => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.networks).toEqual(['private']);
    expect([service.ports, service.privileged]).toEqual([undefined, undefined]);
  });

  it('has a read-only root wherever the image allows it', () => {
    const writable = services.filter(([, { read_only: fixed }]) => fixed !== true);
    expect(writable.map(([name]) => name)).toEqual(['temporal']);
  });

  it('has a network without a route out', () => {
    expect(compose.networks).toEqual({ private: { internal: true } });
  });

  it.each(services.filter(([, { build }]) => build === undefined))(
    '%s does not start without an image by digest',
    (_, { image }) => {
      expect(image).toMatch(/^\$\{CUSTOS_[A-Z]+_IMAGE:\?[^}]*@sha256:\.\.\.\}$/);
    },
  );

  it.each(services)('%s takes secrets by file, and only such that exist', (_, service) => {
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      const isSecret = /PASSWORD|PWD|SECRET|ACCESS_KEY|API_KEY/.test(name);
      expect([name, !isSecret || name.endsWith('_FILE')]).toEqual([name, true]);
      const mounted = /^\/run\/secrets\/(\w+)$/.exec(value)?.[1];
      expect(mounted === undefined || service.secrets?.includes(mounted)).toBe(true);
    }
    for (const name of service.secrets ?? []) expect(compose.secrets).toHaveProperty(name);
  });

  it.each(services)('%s mounts volumes that are declared', (_, { volumes }) => {
    const named = (volumes ?? []).map((volume) => volume.split(':')[0] ?? '');
    const own = named.filter((name) => /^[a-z]+$/.test(name));
    for (const name of own) expect(compose.volumes).toHaveProperty(name);
  });

  it('waits for what has a health check, and everything that stays has one', () => {
    for (const [name, { healthcheck, depends_on: before }] of services) {
      const image = name === 'worker' ? /HEALTHCHECK/.test(dockerfile) : false;
      const checked = image || healthcheck?.disable === true || healthcheck?.test !== undefined;
      expect([name, checked]).toEqual([name, true]);
      for (const [other, { condition }] of Object.entries(before ?? {})) {
        expect(compose.services).toHaveProperty(other);
        const once = compose.services[other]?.restart === 'no';
        expect(condition).toBe(once ? 'service_completed_successfully' : 'service_healthy');
      }
    }
  });

  it('gives the worker more time to drain than it takes', () => {
    const { worker } = compose.services;
    const grace = Number(worker?.environment?.['CUSTOS_WORKER_GRACE_SECONDS']);
    const period = (worker as { stop_grace_period?: string }).stop_grace_period ?? '0s';
    expect(Number.parseInt(period, 10)).toBeGreaterThan(grace + 15);
  });
});

describe('the search attributes', () => {
  it.each(['compose.yaml', 'docs/operations.md'])('are all made by %s', (file) => {
    const text = readFileSync(file, 'utf8');
    for (const name of Object.values(SEARCH_ATTRIBUTES)) expect(text).toContain(name);
  });
});

describe('Dockerfile', () => {
  const final = stages.at(-1) ?? '';

  it('builds apart from what it ships, on one pinned base', () => {
    expect(stages).toHaveLength(2);
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-\w+-slim$/m);
    for (const stage of stages) expect(stage).toMatch(/^\$\{NODE_IMAGE\}/);
  });

  it('ships no package manager and builds nothing in the final stage', () => {
    expect(final).not.toMatch(/\bnpm (ci|install|run)\b|apt-get|\bmake\b|COPY \. /);
    expect(final).toContain('rm -rf /usr/local/lib/node_modules');
  });

  it('runs as nobody in particular, is asked for its health and stops by SIGTERM', () => {
    expect(final).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(final.indexOf('USER ')).toBeGreaterThan(final.lastIndexOf('RUN '));
    expect(final).toMatch(/^HEALTHCHECK .*CUSTOS_WORKER_READY/m);
    expect(final).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(final).toMatch(/^ENTRYPOINT \["node", .*worker\.js"\]$/m);
  });

  it('copies nothing that .dockerignore leaves out', () => {
    const rules = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(rules.filter((rule) => rule !== '' && !rule.startsWith('#'))[0]).toBe('*');
    for (const room of [
      'schemas',
      'policies',
      'domain',
      'infra',
      'activities',
      'workflows',
      'cli',
    ]) {
      expect(rules).toContain(`!${room}`);
    }
    for (const kept of rules.filter((rule) => rule.startsWith('!'))) {
      expect(kept).not.toMatch(/custos|secrets|samples|models/);
    }
  });
});
