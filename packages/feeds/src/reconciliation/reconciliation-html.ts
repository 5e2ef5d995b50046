import { nameReportFolder } from '@passbook/imports';
import { countFormats } from '../transactions/statement-formats.js';
import { makePage } from '../transactions/statement-page.js';
import { describeRule } from './describe-rule.js';
import type { DiscrepancyCells } from './reconciliation-report.js';
import { sumOf } from './footing.js';
import { countDiffering, countExcluded, type ReconciledLoad, type SideClasses } from './read-figures.js';
import type { ReconciliationFigures } from './describe-report.js';
import { overtakenTemplate, reconciliationTemplate } from './reconciliation-template.js';
import type { OvertakenReport } from './snapshot.js';

const page = makePage<ReturnType<typeof describePage>>(reconciliationTemplate);

/** Files that the page lists; the JSON has all. */
const FILES_SHOWN = 50;

/** The page of a reconciliation. @throws RangeError for a locale that is not known */
export function renderReconciliationHtml(
  figures: ReconciliationFigures,
  jsonFile: string,
  locale: string,
): string {
  return page(describePage(figures, jsonFile, locale));
}

const overtakenPage = makePage<{ title: string; file: string; href: string }>(overtakenTemplate);

/** The page of a report that leads to that of a later import. */
export function renderOvertakenHtml({ overtakenBy: { importId, fileName } }: OvertakenReport): string {
  const folder = encodeURIComponent(nameReportFolder(fileName, importId));
  return overtakenPage({ title: 'Trade reconciliation', file: fileName, href: `../${folder}/index.html` });
}

function describePage(figures: ReconciliationFigures, jsonFile: string, locale: string) {
  const { snapshot, groups, loads, classes, sample, discrepanciesFile } = figures;
  const { reconciliation, day, asOf } = snapshot;
  const { customer, repository } = classes;
  const { count, counted } = countFormats(locale);
  const eligible = customer.matched + customer.mismatched + customer.missing;
  const differing = countDiffering(groups, reconciliation);
  const excluded = countExcluded(groups, reconciliation);
  const found = customer.mismatched + customer.missing + repository.missing + repository.notEligible;
  return {
    title: `Trade reconciliation, ${day}`,
    day,
    asOf: `${asOf.slice(0, 16).replace('T', ' ')} UTC`,
    jsonFile,
    csvFile: discrepanciesFile,
    found: counted(found, 'row'),
    isClean: found === 0,
    sums: [
      { name: 'Matched', count: count(customer.matched), note: `of ${counted(eligible, 'eligible trade')}` },
      { name: 'Mismatched', count: count(customer.mismatched), note: 'the sides differ' },
      { name: 'Missing', count: count(customer.missing), note: 'not in the repository' },
      { name: 'Unknown', count: count(repository.missing), note: 'in the repository only' },
      { name: 'Over-reported', count: count(repository.notEligible), note: 'reported, and not eligible' },
    ],
    classes: describeClasses(classes, count),
    differing: reconciliation.compares.map(({ name }, at) => ({ name, count: count(differing[at]!) })),
    mismatched: counted(customer.mismatched, 'mismatched row'),
    rules: reconciliation.rules.map((rule, at) => ({
      name: describeRule(rule),
      excluded: count(excluded[at]!.excluded),
      alone: count(excluded[at]!.excludedAlone),
    })),
    sample: sample.map((cells) => describeSample(cells, reconciliation.compares)),
    files: loads.slice(-FILES_SHOWN).map((load) => describeFile(load, count)),
    filesHidden: loads.length > FILES_SHOWN ? counted(loads.length - FILES_SHOWN, 'older file') : null,
  };
}

function describeClasses(
  { customer, repository }: { customer: SideClasses; repository: SideClasses },
  count: (of: number) => string,
): { rows: { name: string; customer: string; repository: string }[]; customer: string; repository: string } {
  const rows = [
    ['Matched', customer.matched, repository.matched],
    ['Mismatched', customer.mismatched, repository.mismatched],
    ['Missing on the other side', customer.missing, repository.missing],
    ['Not eligible', customer.notEligible, repository.notEligible],
    ['Duplicate', customer.duplicate, repository.duplicate],
    ['Invalid', customer.invalid, repository.invalid],
  ] as const;
  return {
    rows: rows.map(([name, own, other]) => ({ name, customer: count(own), repository: count(other) })),
    customer: count(sumOf(customer)),
    repository: count(sumOf(repository)),
  };
}

const classNames: Record<string, string> = {
  mismatched: 'Mismatched',
  missing_in_repository: 'Not in the repository',
  missing_in_customer: 'In the repository only',
  not_eligible: 'Over-reported',
};

function describeSample(
  cells: DiscrepancyCells,
  compares: readonly { name: string }[],
): { id: string; name: string; details: string; place: string } {
  const differs = (cells['differs'] ?? '').split(' ');
  const side =
    cells['customer_file'] === null && cells['class'] === 'missing_in_customer' ? 'repository' : 'customer';
  const details =
    cells['class'] === 'mismatched'
      ? compares
          .filter(({ name }) => differs.includes(name))
          .map(({ name }) => `${name} ${cells[`customer_${name}`]} ≠ ${cells[`repository_${name}`]}`)
          .join('; ')
      : compares.map(({ name }) => cells[`${side}_${name}`]).join(' ');
  const file = cells['customer_file'] ?? cells['repository_file'];
  const line = cells['customer_file'] === null ? cells['repository_line'] : cells['customer_line'];
  return {
    id: cells['id']!,
    name: classNames[cells['class']!]!,
    details: cells['excluded_by'] ? `${details}: fails ${cells['excluded_by']}` : details,
    place: file === null || file === undefined ? 'over HTTP' : `${file}:${line}`,
  };
}

function describeFile(
  { side, file, rowsRead, rowsPosted, rowsDuplicate, rowsInvalid }: ReconciledLoad,
  count: (of: number) => string,
): { side: string; file: string; read: string; note: string } {
  return {
    side: side === 'customer' ? 'Customers' : 'Repository',
    file: file ?? 'over HTTP',
    read: count(rowsRead),
    note: `${count(rowsPosted)} valid, ${count(rowsDuplicate)} duplicate, ${count(rowsInvalid)} invalid`,
  };
}
