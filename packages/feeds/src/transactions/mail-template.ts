/*
 * The page of a mail. Clients read the HTML of twenty years ago: the layout is tables, colours and spaces stand at each
 * element, and nothing is loaded. What only some clients honour, dark colours and hairlines, stands in the head; without
 * it the mail reads as well. Text of a file stands in `bdi`, as on the page of a statement.
 */

/** Lines of a mail end so: a page that is made of such templates is sent as it is. */
const withCrlf = (template: string): string => template.replaceAll('\n', '\r\n');

export const mailTemplate = withCrlf(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>Account statement</title>
<style>
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  body, td, th { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
  .list td { border-bottom: 1px solid #e1e6ed; } .list td:first-child { padding-left: 0; } .list td:last-child { padding-right: 0; }
  @media (max-width: 480px) { .paper { padding: 24px 16px !important; } .desk { padding: 0 !important; } }
  @media (prefers-color-scheme: dark) {
    .desk { background: #0d1014 !important; } .paper { background: #151a20 !important; color: #e9edf2 !important; }
    .soft { color: #a5b0be !important; } .line, .list td { border-color: #313a46 !important; } .end { border-color: #e9edf2 !important; }
    .credit { color: #62cf98 !important; } .credit-bar { background: #62cf98 !important; } .debit-bar { background: #8c9cb8 !important; }
  }
</style>
</head>
<body class="desk" style="margin:0;padding:0;background:#eef1f5;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{{account}}{{#if period}}, {{period}}{{/if}}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="desk" align="center" bgcolor="#eef1f5" style="padding:24px 12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px"><tr><td class="paper" bgcolor="#ffffff" style="padding:32px;color:#16202e;font-size:16px;line-height:24px;text-align:left;overflow-wrap:anywhere;word-break:break-word;border-radius:12px">
<div class="soft" style="color:#566173;font-size:14px">Account statement</div>
<h1 style="margin:4px 0 8px;font-size:24px;line-height:30px;font-weight:600"><bdi>{{name}}</bdi></h1>
<div class="soft" style="color:#566173;font-size:14px"><bdi>{{account}}</bdi>{{#if period}}<br><bdi>{{period}}</bdi>{{/if}}</div>
<h2 style="margin:28px 0 4px;font-size:18px;line-height:24px;font-weight:600">Balance</h2>
<table width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;font-size:16px;line-height:24px">
{{#each balance}}<tr><th class="line" scope="row" align="left" style="padding:8px 12px 8px 0;font-weight:400;border-bottom:1px solid #e1e6ed">{{name}}</th><td class="line" align="right" style="padding:8px 0;white-space:nowrap;border-bottom:1px solid #e1e6ed"><bdi>{{amount}}</bdi></td></tr>
{{/each}}<tr><th class="end" scope="row" align="left" style="padding:8px 12px 8px 0;font-weight:600;border-top:1px solid #16202e">Closing balance</th><td class="end" align="right" style="padding:8px 0;white-space:nowrap;font-weight:600;border-top:1px solid #16202e"><bdi>{{closing}}</bdi></td></tr>
</table>
<h2 style="margin:28px 0 4px;font-size:18px;line-height:24px;font-weight:600">Averages</h2>
<table width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;font-size:16px;line-height:24px">
{{#each averages}}<tr><th class="line" scope="row" align="left" style="padding:8px 12px 8px 0;font-weight:400;border-bottom:1px solid #e1e6ed">{{name}}</th><td class="line" align="right" style="padding:8px 0;white-space:nowrap;border-bottom:1px solid #e1e6ed"><bdi>{{amount}}</bdi></td></tr>
{{/each}}</table>
<h2 style="margin:28px 0 4px;font-size:18px;line-height:24px;font-weight:600">Months</h2>
{{#if monthsNote}}<div class="soft" style="color:#566173;font-size:14px">{{monthsNote}}</div>
{{/if}}<table width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;font-size:14px;line-height:20px">
{{months}}</table>
<h2 style="margin:28px 0 4px;font-size:18px;line-height:24px;font-weight:600">Transactions</h2>
<div class="soft" style="color:#566173;font-size:14px">{{listNote}}</div>
{{#if transactions}}<table class="list" width="100%" cellpadding="6" cellspacing="0" border="0" style="width:100%;font-size:14px;line-height:20px">
{{transactions}}</table>
{{/if}}<div class="soft" style="margin-top:28px;color:#566173;font-size:13px;line-height:20px">Days{{#if isTimed}} and times{{/if}} are those of {{timeZone}}. A machine sent this: nobody reads an answer.</div>
</td></tr></table>
</td></tr></table>
</body>
</html>
`);

/** The items of the lists above, each for `makeList`. */
const bar = (kind: string, colour: string): string =>
  `<tr><td width="50%" style="padding:2px 12px 2px 0"><table role="presentation" width="{{${kind}Percent}}%" cellpadding="0" cellspacing="0" border="0"><tr><td class="${kind}-bar" bgcolor="${colour}" style="height:10px;font-size:0;line-height:10px">&nbsp;</td></tr></table></td>`;

export const mailMonthTemplate =
  withCrlf(`<tr><td colspan="2" style="padding:12px 0 2px"><bdi>{{name}}</bdi> <span class="soft" style="color:#566173">· {{count}}</span></td></tr>
${bar('credit', '#0c7448')}<td class="credit" align="right" style="white-space:nowrap;color:#0c7448"><bdi>{{credits}}</bdi></td></tr>
${bar('debit', '#5b6b86')}<td align="right" style="white-space:nowrap"><bdi>{{debits}}</bdi></td></tr>
`);

export const mailTransactionTemplate =
  withCrlf(`<tr><td>{{day}}</td><td class="soft">{{time}}</td><td align="right"><bdi>{{amount}}</bdi></td></tr>
`);

/** Where no transaction has a time of day. */
export const mailDayTransactionTemplate = mailTransactionTemplate.replace(
  '<td class="soft">{{time}}</td>',
  '',
);
