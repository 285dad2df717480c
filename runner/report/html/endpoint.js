/* The page of an endpoint: what it and its partner did, on one axis of time. */
function moment(m, detail) {
    switch (m[1]) {
    case "phase":
        return { text: m[2].toLowerCase().replace("incall", "in call"), kind: "phase" };
    case "message":
        return { text: (m[2] ? "\u2192 " : "\u2190 ") + (m[4] ? m[4] + " " + m[5] + " (" + m[3] + ")" : m[3]) +
            (m[7] ? ", again" : ""), kind: refuses(m[4]) ? "bad" : "" };
    case "action":
        return { text: m[2] + " " + m[3] + (m[4] ? ", " + m[4] : "") +
            (m[3] === "failed" && m[5] ? "; expected " + m[5] : "") + (m[6] ? "; seen " + m[6] : "") +
            (m[7] ? ": " + m[7] : ""), kind: m[3] === "failed" ? "bad" : "" };
    case "registration":
        return { text: m[2] ? "registration done" : "registration failed: " + (m[3] ? m[3] + " " + m[4] : "no answer"),
            kind: m[2] ? "" : "bad" };
    case "digit":
        return { text: "DTMF " + m[4] + (m[2] ? " sent" : " received") + " (" + m[3] + ")", kind: "" };
    case "media":
        return { text: "media " + m[2] + (detail.remote ? " with " + detail.remote : ""), kind: "" };
    case "call":
        return { text: "call over: " + m[2].replace(/_/g, " "), kind: m[2] === "answered" ? "" : "bad" };
    case "outcome":
        return { text: "ended: " + outcomeWords[outcomes.indexOf(m[2])], kind: outcomes.indexOf(m[2]) > 1 ? "bad" : "phase" };
    }
    return { text: m[1], kind: "" };
}

function timeline(own, partner) {
    var list = [], left = 0, both = data.details.endpoints[partner] !== undefined;
    [own, partner].forEach(function (side, column) {
        var detail = data.details.endpoints[side];
        left += detail ? detail.left : 0;
        (detail ? detail.moments : []).forEach(function (m, n) {
            list.push({ at: m[0] / 10, n: n, column: column, told: moment(m, detail) });
        });
    });
    list.sort(function (a, b) { return a.at - b.at || a.column - b.column || a.n - b.n; });
    if (!list.length)
        return el("p", { class: "none" }, "Nothing was told of it.");
    function entry(item, column) {
        return el("td", { class: (both && column === 0 ? "mine " : "") + (item.told.kind ? "m-" + item.told.kind : "") },
            item.column === column ? item.told.text : "");
    }
    return [el("table", { class: "axis" }, el("thead", {}, el("tr", {},
        both ? el("th", { scope: "col", class: "mine" }, nameOf(own)) : null, el("th", { scope: "col", class: "when" }, "time"),
        el("th", { scope: "col" }, both ? nameOf(partner) : nameOf(own)))),
        el("tbody", {}, list.map(function (item) {
            return el("tr", {}, both ? entry(item, 0) : null, el("td", { class: "when" }, clockMs(item.at)),
                both ? entry(item, 1) : entry(item, 0));
        }))), left ? el("p", { class: "none" }, left + " moments between them are not in this file.") : null];
}

function sheet(i) {
    var d = data.details.endpoints[i] || {}, list = el("dl", { class: "sheet" });
    function add(name, value) {
        if (value !== undefined && value !== null && value !== "" && value !== "\u2013")
            list.append(el("dt", {}, name), el("dd", {}, value));
    }
    function ms(name, value) {
        if (value !== undefined)
            add(name, quantity(value / 10, "ms", 1));
    }
    add("Outcome", pill(table.outcome[i]));
    add("Status", table.status[i] ? String(table.status[i]) : null);
    add("Reason", table.texts[table.reason[i]]);
    add("Account", d.account);
    add("Calls", d.target);
    add("Got as far as", d.phase ? d.phase.toLowerCase().replace("incall", "in call") : null);
    add("Registration", d.regstatus === undefined ? null : (d.regstatus ? d.regstatus + " " + (d.regreason || "") : "no answer") +
        (d.regserver ? " from " + d.regserver : "") + (d.regtime === undefined ? "" : " in " + quantity(d.regtime / 10, "ms", 1)));
    add("Transport", d.regtrouble);
    add("Call", d.result ? d.result.replace(/_/g, " ") : null);
    add("Call-ID", d.callid);
    add("Cause", d.cause);
    ms("First answer", d.trying);
    ms("Ringing", d.ringing);
    ms("Post-dial delay", d.pdd);
    add("Call setup", textOf(columns[4], i));
    add("Call lasted", quantity(table.duration[i] === null ? null : table.duration[i] / 10, "ms", 1));
    ms("Hanging up", d.teardown);
    add("Sent again", d.repeats ? d.repeats[0] + " by us, " + d.repeats[1] + " by the peer" : null);
    add("Codec", d.codec ? d.codec + (d.security ? ", " + d.security : "") : null);
    add("RTP", d.local ? d.local + " \u2194 " + d.remote : null);
    add("Packets", d.rtp ? number(d.rtp[0], 0) + " sent, " + number(d.rtp[1], 0) + " received, " + number(d.rtp[3], 0) + " missing" : null);
    add("MOS", table.mos[i] === null ? null : textOf(columns[5], i) + " on average, " + textOf(columns[6], i) + " at the lowest");
    add("Loss", textOf(columns[7], i));
    add("Jitter", table.jitter[i] === null ? null : textOf(columns[8], i) + " at most");
    if (d.recording)
        add("Recording", el("a", { href: encodeURI(d.recording) }, d.recording));
    if (d.evidence && d.evidence.length)
        add("Evidence", d.evidence.map(function (path, n) { return [n ? ", " : "", el("a", { href: encodeURI(path) }, path)]; }));
    return list;
}

/* A chart per reading, both sides of the call in it. */
function seriesCharts(own, partner) {
    var sides = [own, partner].filter(function (side) { return data.details.endpoints[side]; });
    var wanted = {}, list = [];
    sides.forEach(function (side) {
        Object.keys(data.details.endpoints[side].series).forEach(function (key) { wanted[key] = true; });
    });
    data.bands.rows.forEach(function (row) {
        if (row.group !== -1 || !wanted[row.key])
            return;
        var lines = [];
        sides.forEach(function (side, n) {
            var series = data.details.endpoints[side].series[row.key];
            if (series)
                lines.push({ label: nameOf(side), values: undelta(series, row.digits),
                    color: color(side === own ? "series" : "series2"), dash: side === own ? undefined : [6, 3] });
        });
        var flat = lines.every(function (line) { return line.values.every(function (v) { return !v; }); });
        if (flat && ["receive.packet_loss", "send.packet_loss"].indexOf(row.key) < 0)
            return;
        list.push(chart({ title: row.key, help: row.help, unit: row.unit, digits: Math.min(row.digits, 2), limits: [],
            x: steps(data.details.points, data.details.step), lines: lines,
            range: rangeOf(row.key, lines.map(function (line) { return line.values; }), []) }));
    });
    return list;
}

var whyWords = { failed: "its call did not end well", worst: "its media was among the worst", sample: "it is part of a sample" };

function showEndpoint(i) {
    var kept = Object.keys(data.details.endpoints).length, page = id("page"), partner = table.partner[i], detail = data.details.endpoints[i];
    var other = partner >= 0 ? el("section", {}, el("h2", {}, "Partner: ", el("a", { href: linkOf(partner) }, nameOf(partner))), sheet(partner))
        : el("section", {}, el("h2", {}, "Partner"), el("p", { class: "dim" }, "The other side of its call is outside of this test."));
    var parts = [el("section", { class: "page" }, el("a", { class: "back", href: "#/endpoints" }, "\u2190 all endpoints"),
        el("h1", { tabindex: -1 }, nameOf(i), pill(table.outcome[i])), el("p", { class: "dim" },
            kept === table.count ? "The seconds and messages of all endpoints are in this file."
                : detail ? "Its seconds and messages are in this file because " + whyWords[detail.why] + "."
                : "Its seconds and messages are not in this file, which keeps " + kept +
                " endpoints: failed calls, the worst media and a sample. All are in result.json.")),
    el("div", { class: "two" }, el("section", {}, el("h2", {}, nameOf(i)), sheet(i)), other)];
    var list = detail ? seriesCharts(i, partner) : [];
    if (detail)
        parts.push(el("section", {}, el("h2", {}, "Timeline"), timeline(i, partner)));
    var drawn = detail ? ladder(i, partner) : null, texts = messageTexts(partner >= 0 ? [i, partner] : [i]);
    if (drawn)
        parts.push(el("section", {}, el("h2", {}, "SIP messages"), drawn));
    if (texts)
        parts.push(el("section", {}, el("h2", {}, "Messages as they were on the wire"), texts));
    if (list.length)
        parts.splice(2, 0, el("section", {}, el("h2", {}, "Media, second by second"), el("div", { class: "charts" }, list),
            el("p", { class: "foot" }, (data.details.step === 1 ? "Each point is a second." : "Each point is the mean of " +
                data.details.step + " s.") + " Solid: " + nameOf(i) + (partner >= 0 ? "; dashed: " + nameOf(partner) : "") +
                ". What was 0 throughout is left out.")));
    charts.forEach(function (u) { u.destroy(); });
    charts = [];
    page.replaceChildren.apply(page, parts);
    list.forEach(function (node) { node.draw(); });
    page.querySelector("h1").focus({ preventScroll: true });
    document.title = nameOf(i) + " - " + data.name;
}
