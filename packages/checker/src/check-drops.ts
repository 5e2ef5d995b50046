import type { Content } from './book.js';
import type { Findings } from './findings.js';
import type { DropRecord, ImportRecord } from './read-database.js';

/** Every file that was dropped was imported or refused, as often as it was dropped; and no other ever was. */
export function checkDrops(
  findings: Findings,
  contents: Map<string, Content>,
  imports: readonly ImportRecord[],
  drops: readonly DropRecord[],
): void {
  for (const content of contents.values()) {
    const records = imports.filter((one) => one.sha256 === content.sha256);
    const name = content.drops[0]!.name;
    if (records.length > 1)
      findings.add('imports', `the bytes of ${name} are ${records.length} imports, not one`);
    const record = records[0];
    if (!record) {
      if (content.drops.some((drop) => !drop.mayVanish))
        findings.add('drops', `${name} was dropped and there is no import of it`);
      continue;
    }
    checkState(findings, record, content);
    const own = drops.filter((drop) => drop.importNo === record.no);
    if (!content.drops.some((drop) => drop.name === record.fileName))
      findings.add('imports', `an import is named for ${record.fileName}, which never had its bytes`);
    checkNames(findings, content, own);
    for (const drop of own) {
      if (drop.state !== 'done') findings.add('drops', `the drop of ${drop.name} is still ${drop.state}`);
      if (drop.finalName === '') findings.add('drops', `the drop of ${drop.name} has no final name`);
      if ((drop.refusedCode !== '') !== content.mustBeRefused)
        findings.add(
          'drops',
          `a drop of ${drop.name} was ${content.mustBeRefused ? 'not ' : ''}refused (${drop.refusedCode})`,
        );
    }
  }
  const numbers = new Set(imports.map((one) => one.no));
  for (const record of imports) {
    if (!contents.has(record.sha256))
      findings.add('imports', `import ${record.no} (${record.fileName}) is of bytes that nobody dropped`);
  }
  for (const drop of drops) {
    if (!numbers.has(drop.importNo)) findings.add('drops', `the drop of ${drop.name} is of no import`);
  }
}

function checkState(findings: Findings, record: ImportRecord, content: Content): void {
  const state = content.mustBeRefused ? 'refused' : 'loaded';
  if (record.state !== state)
    findings.add(
      'imports',
      `the import of ${record.fileName} is ${record.state} (${record.refusedCode}), not ${state}`,
    );
  if (!content.mustBeRefused && record.feed !== 'transactions')
    findings.add('imports', `${record.fileName} was imported as ${record.feed}`);
}

/** A name was recorded as often as it was dropped; less often only where it may have vanished before it was read. */
function checkNames(findings: Findings, content: Content, drops: readonly DropRecord[]): void {
  for (const name of new Set([...content.drops, ...drops].map((drop) => drop.name))) {
    const dropped = content.drops.filter((drop) => drop.name === name);
    const required = dropped.filter((drop) => !drop.mayVanish).length;
    const recorded = drops.filter((drop) => drop.name === name).length;
    if (recorded < required || recorded > dropped.length)
      findings.add('drops', `${name} was dropped ${dropped.length} times, and recorded ${recorded} times`);
  }
}
