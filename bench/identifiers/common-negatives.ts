// What no type may take for its own.
import { HEX, type Draw } from './draw.js';

const hex = (draw: Draw, length: number): string => draw.of(HEX, length);

/** ISBN-13, whose prefix and check digit are those of GS1. */
function isbn(draw: Draw): string {
  const body = `978${draw.fill('#########')}`;
  const sum = [...body].reduce(
    (total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  );
  return `${body}${String((10 - (sum % 10)) % 10)}`.replace(
    /(...)(.)(..)(......)(.)/,
    '$1-$2-$3-$4-$5',
  );
}

/** What every type has to leave alone. */
export const COMMON: readonly ((draw: Draw) => string)[] = [
  (draw) => `Order ${draw.fill('########')} has left the warehouse.`,
  (draw) => `order no. ${draw.fill('####-#######')} is late`,
  (draw) => `commit ${hex(draw, 40)} breaks the build`,
  (draw) => `fixed in ${hex(draw, 3)}a4${hex(draw, 3)}`,
  (draw) => `sha256:${hex(draw, 64)}`,
  (draw) => `md5 ${hex(draw, 32)}`,
  (draw) => `ISBN ${isbn(draw)}`,
  (draw) => `upgrade from v${draw.fill('#.##.#')} to v${draw.fill('#.##.#')}-rc.${draw.fill('#')}`,
  (draw) => `Version ${draw.fill('##.#.####.##')} is out`,
  (draw) => `${draw.fill('###')} x ${draw.fill('##')} = ${draw.fill('#####')}`,
  (draw) => `f(x) = ${draw.fill('#')}x^2 + ${draw.fill('##')}x - ${draw.fill('###')}`,
  (draw) => `part no. ${draw.fill('@@-####-##')} is out of stock`,
  (draw) => `SKU ${draw.fill('@@@-#####')} / bin ${draw.fill('@##')}`,
  (draw) => `tracking 1Z${draw.fill('???????#########')}`,
  (draw) => `ticket #${draw.fill('#####')} was merged into #${draw.fill('#####')}`,
  (draw) => `JIRA-${draw.fill('####')} blocks OPS-${draw.fill('###')}`,
  (draw) => `ts=17${draw.fill('########')} took=${draw.fill('###')}ms`,
  (draw) => `rows ${draw.fill('####')}-${draw.fill('####')} of ${draw.fill('#####')}`,
  (draw) => `loss 0.${draw.fill('####')} after ${draw.fill('####')} steps`,
  (draw) => `RFC ${draw.fill('####')} section ${draw.fill('#.#')}`,
  (draw) => `page ${draw.fill('###')} of ${draw.fill('###')}`,
  (draw) => `${draw.fill('##')}% of ${draw.fill('####')} people agreed`,
  (draw) => `color #${hex(draw, 6)} on #${hex(draw, 6)}`,
  (draw) => `resolution 1920x1080, scale ${draw.fill('#.#')}`,
  (draw) => `invoice INV-${draw.fill('####-####')} was paid`,
  (draw) => `build ${draw.fill('########')}.${draw.fill('#')} passed`,
  (draw) => `std::array<int, ${draw.fill('##')}> a; // line ${draw.fill('###')}`,
  (draw) => `The years ${draw.pick(['1998 to 2004', '2011-2015', '1987/88'])} were good.`,
  (draw) =>
    `ratio ${draw.fill('#')}:${draw.fill('#')}, score ${draw.fill('##')}-${draw.fill('##')}`,
  (draw) => `error 0x${hex(draw, 8)} at offset ${draw.fill('######')}`,
  (draw) => `chr7:${draw.fill('########')}-${draw.fill('########')}`,
  (draw) => `ISO ${draw.fill('####')}-${draw.fill('#')}, DIN EN ${draw.fill('####')}`,
];
