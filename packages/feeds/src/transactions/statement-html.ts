import { averageMinor } from '@passbook/ledger';
import { CHART_COLUMN, CHART_HEIGHT, CHART_MARGIN, layOutChart } from './statement-chart.js';
import {
  STATEMENT_TRANSACTIONS_MAX,
  type StatementFigures,
  type StatementTransaction,
} from './statement-figures.js';
import { statementFormats, type StatementFormats } from './statement-formats.js';
import { makePage } from './statement-page.js';

/** Where there is nothing to take the average of. */
const NONE = '–';

const page = makePage<ReturnType<typeof describeStatement>>(`<p class="kind">Account statement</p>
<h1><bdi>{{client.name}}</bdi></h1>
<dl>
<dt>Account</dt><dd>•••• {{account.last4}}{{#if account.type}}, {{account.type}}{{/if}}, {{account.currency}}</dd>
{{#if client.email}}<dt>E-mail</dt><dd><bdi>{{client.email}}</bdi></dd>
{{/if}}{{#if period}}<dt>Period</dt><dd>{{period}}</dd>
{{/if}}<dt>File</dt><dd><bdi>{{file}}</bdi></dd>
</dl>

<h2>Balance</h2>
<table class="sum">
<caption>Opening balance, plus credits, plus debits, is the closing balance.</caption>
<tbody>
{{#each balance}}<tr><th scope="row">{{name}}</th><td class="number {{kind}}">{{amount}}</td></tr>
{{/each}}</tbody>
</table>

<h2>Credits and debits</h2>
<div class="scroll">
<table class="sum-up">
<caption>{{transactionCount}} transactions</caption>
<thead><tr><th scope="col"></th><th scope="col" class="number">Number</th><th scope="col" class="number">Total</th><th scope="col" class="number">Average</th></tr></thead>
<tbody>
{{#each kinds}}<tr><th scope="row">{{name}}</th><td class="number">{{count}}</td><td class="number {{kind}}">{{total}}</td><td class="number">{{average}}</td></tr>
{{/each}}</tbody>
</table>
</div>
{{#if months}}
<h2>Months</h2>
<figure>
<svg viewBox="0 {{chart.top}} {{chart.width}} {{chart.height}}" preserveAspectRatio="none" role="img" aria-labelledby="chart-title">
<title id="chart-title">Credits and debits of each month; the table below has the figures</title>
{{#each chart.columns}}<rect class="credit" x="{{left}}" y="{{creditY}}" width="{{width}}" height="{{creditHeight}}"/><rect class="debit" x="{{left}}" y="{{debitY}}" width="{{width}}" height="{{debitHeight}}"/>
{{/each}}<line x1="0" x2="{{chart.width}}" y1="{{chart.axisY}}" y2="{{chart.axisY}}"/>
</svg>
<figcaption><span>{{chart.first}}</span>{{#if chart.last}}<span>{{chart.last}}</span>{{/if}}</figcaption>
</figure>
<div class="scroll" tabindex="0" role="region" aria-label="Months">
<table>
<caption>By month</caption>
<thead><tr><th scope="col">Month</th><th scope="col" class="number">Number</th><th scope="col" class="number">Credits</th><th scope="col" class="number">Debits</th><th scope="col" class="number">Average credit</th><th scope="col" class="number">Average debit</th></tr></thead>
<tbody>
{{#each months}}<tr><th scope="row">{{name}}</th><td class="number">{{count}}</td><td class="number">{{credits}}</td><td class="number">{{debits}}</td><td class="number">{{averageCredit}}</td><td class="number">{{averageDebit}}</td></tr>
{{/each}}</tbody>
</table>
</div>
{{/if}}
<h2>Transactions</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Transactions">
<table>
<caption>{{listed}}</caption>
<thead><tr><th scope="col">Date</th><th scope="col">Time</th><th scope="col">Id</th><th scope="col" class="number">Amount</th></tr></thead>
<tbody>
{{#each transactions}}<tr><td>{{day}}</td><td>{{time}}</td><td class="id">{{id}}</td><td class="number">{{amount}}</td></tr>
{{/each}}</tbody>
</table>
</div>`);

/**
 * The page of a statement. The same figures give the same bytes: it holds no time of rendering.
 * @param newest the newest transactions first, at most STATEMENT_TRANSACTIONS_MAX
 * @throws RangeError for a locale, currency or time zone that is not known
 */
export function renderStatementHtml(
  figures: StatementFigures,
  newest: readonly StatementTransaction[],
): string {
  return page(describeStatement(figures, newest));
}

function describeStatement(figures: StatementFigures, newest: readonly StatementTransaction[]) {
  const { account, client, months, locale } = figures;
  const formats = statementFormats(locale, account.currency, figures.timeZone);
  const average = (sum: bigint, count: number): string => {
    const mean = averageMinor(sum, count);
    return mean === null ? NONE : formats.money(mean);
  };
  const [firstMonth, lastMonth] = [months[0]?.month, months.at(-1)?.month];
  const credits = {
    name: 'Credits',
    kind: 'credit',
    sum: figures.totalCreditsMinor,
    count: figures.creditCount,
  };
  const debits = { name: 'Debits', kind: 'debit', sum: figures.totalDebitsMinor, count: figures.debitCount };
  return {
    lang: locale,
    title: `Statement of account •••• ${account.last4}, ${client.name}`,
    client,
    account,
    file: figures.import.file,
    period:
      firstMonth === undefined || lastMonth === undefined ? null : formats.period(firstMonth, lastMonth),
    balance: [
      { name: 'Opening balance', kind: '', amount: formats.money(figures.openingMinor) },
      { name: 'Total credits', kind: 'credit', amount: formats.change(figures.totalCreditsMinor) },
      { name: 'Total debits', kind: 'debit', amount: formats.change(figures.totalDebitsMinor) },
      { name: 'Closing balance', kind: '', amount: formats.money(figures.closingMinor) },
    ],
    kinds: [credits, debits].map(({ name, kind, sum, count }) => ({
      name,
      kind,
      count: formats.count(count),
      total: formats.money(sum),
      average: average(sum, count),
    })),
    transactionCount: formats.count(figures.transactionCount),
    chart: describeChart(figures, formats),
    months: months.map((month) => ({
      name: formats.month(month.month),
      count: formats.count(month.count),
      credits: formats.money(month.credits),
      debits: formats.money(month.debits),
      averageCredit: average(month.credits, month.creditCount),
      averageDebit: average(month.debits, month.debitCount),
    })),
    listed: describeListed(figures.transactionCount, newest.length, formats),
    transactions: newest.map(({ id, occurredAt, amountMinor }) => ({
      id,
      day: formats.day(occurredAt),
      time: formats.time(occurredAt),
      amount: formats.change(amountMinor),
    })),
  };
}

function describeListed(count: number, listed: number, formats: StatementFormats): string {
  if (listed === count) return 'The newest first';
  return `The newest ${formats.count(Math.min(listed, STATEMENT_TRANSACTIONS_MAX))} of ${formats.count(count)} transactions; the JSON file beside this page has all of them.`;
}

/** Two bars of each month stand above one another; a gap of a fifth is left between months. */
function describeChart(figures: StatementFigures, formats: StatementFormats) {
  const { columns, width, axisY } = layOutChart(figures.months);
  const [first, last] = [columns[0]?.month, columns.at(-1)?.month];
  return {
    width,
    top: -CHART_MARGIN,
    height: CHART_HEIGHT + 2 * CHART_MARGIN,
    axisY,
    first: first === undefined ? '' : formats.shortMonthAndYear(first),
    last: last === undefined || last === first ? '' : formats.shortMonthAndYear(last),
    columns: columns.map(({ x, creditY, creditHeight, debitHeight }) => ({
      left: x + CHART_COLUMN / 10,
      width: (CHART_COLUMN * 8) / 10,
      creditY,
      creditHeight,
      debitY: axisY,
      debitHeight,
    })),
  };
}
