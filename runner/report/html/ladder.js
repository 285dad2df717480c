/* The SIP messages of both sides of a call as a ladder. */
function messagesOf(index, detail) {
    return (detail ? detail.moments : []).filter(function (moment) {
        return moment[1] === "message";
    }).map(function (m) {
        return { at: m[0] / 10, sent: m[2] === 1, method: m[3], status: m[4], reason: m[5], cseq: m[6],
            again: m[7] === 1, remote: m[8], endpoint: index };
    });
}

function ladder(own, partner) {
    var sides = [own].concat(partner >= 0 ? [partner] : []);
    sides.sort(function (a, b) { return (data.groups[groupOf(b)].target ? 1 : 0) - (data.groups[groupOf(a)].target ? 1 : 0); });
    var list = [], remotes = {};
    sides.forEach(function (side) {
        messagesOf(side, data.details.endpoints[side]).forEach(function (message) {
            if (message.remote)
                remotes[message.remote] = true;
            list.push(message);
        });
    });
    if (!list.length)
        return null;
    list.sort(function (a, b) { return a.at - b.at; });
    var names = Object.keys(remotes), lanes = [nameOf(sides[0]), names.length ? names.slice(0, 2).join(", ") : "network"];
    if (sides.length > 1)
        lanes.push(nameOf(sides[1]));
    var left = innerWidth < 700 ? 64 : 92, apart = innerWidth < 700 ? 210 : lanes.length > 2 ? 400 : 520, top = 34, row = 34;
    var width = left + apart * (lanes.length - 1) + 110, height = top + list.length * row + 22;
    var xs = lanes.map(function (name, i) { return left + 40 + i * apart; });
    var parts = lanes.map(function (name, i) {
        return [svg("text", { x: xs[i], y: 16, "text-anchor": "middle", class: "lane" }, name),
            svg("line", { x1: xs[i], x2: xs[i], y1: 26, y2: height - 6, class: "life" })];
    });
    list.forEach(function (message, n) {
        var y = top + n * row + 22, side = sides.indexOf(message.endpoint);
        var from = side === 0 ? xs[0] : xs[2], to = xs[1], swap;
        if (!message.sent) {
            swap = from;
            from = to;
            to = swap;
        }
        var sign = to > from ? -1 : 1, refused = refuses(message.status);
        var label = message.status ? message.status + " " + message.reason + " (" + message.method + ")" : message.method;
        parts.push(svg("text", { x: 0, y: y + 4, class: "at" }, clockMs(message.at)));
        parts.push(svg("a", { tabindex: 0, role: "link", class: (refused ? "refused " : "") + (message.again ? "again" : ""),
            onclick: function () { openMessage(message); },
            onkeydown: function (event) { if (event.key === "Enter") openMessage(message); } },
            svg("title", {}, label + (message.again ? ", sent again" : "") + ", CSeq " + message.cseq),
            svg("line", { x1: from, x2: to + sign * 6, y1: y, y2: y, class: "msg" }),
            svg("path", { d: "M" + to + " " + y + "l" + sign * 9 + " -5v10z", class: "msg" }),
            svg("text", { x: (from + to) / 2, y: y - 6, "text-anchor": "middle", class: "label" },
                (label.length > 36 ? label.slice(0, 35) + "\u2026" : label) + (message.again ? " \u21bb" : ""))));
    });
    return el("div", { class: "scroll" }, svg("svg", { class: "ladder", width: width, height: height,
        viewBox: "0 0 " + width + " " + height, role: "group", "aria-label": "SIP messages in order of time" }, parts));
}

/* A challenge is no refusal: what comes of it is told by what follows. */
function refuses(status) {
    return status >= 400 && status !== 401 && status !== 407;
}

function clockMs(ms) {
    return (ms / 1000).toFixed(3) + " s";
}

function openMessage(message) {
    var best = null, near = 1e9;
    document.querySelectorAll("#page .messages details").forEach(function (node) {
        var apart = Math.abs(Number(node.dataset.at) - message.at);
        if (Number(node.dataset.endpoint) === message.endpoint && node.dataset.sent === String(message.sent) && apart < near) {
            near = apart;
            best = node;
        }
    });
    if (best && near < 5) {
        best.open = true;
        best.scrollIntoView({ block: "center" });
        best.firstChild.focus({ preventScroll: true });
    }
}

function messageTexts(sides) {
    var list = [], unkept = 0;
    sides.forEach(function (side) {
        var detail = data.details.endpoints[side];
        (detail ? detail.messages : []).forEach(function (m) {
            list.push({ at: m[0] / 10, sent: m[1] === 1, transport: m[2], remote: m[3], text: m[4], cut: m[5], endpoint: side });
        });
        unkept += detail ? detail.unkept : 0;
    });
    if (!list.length)
        return null;
    list.sort(function (a, b) { return a.at - b.at; });
    return el("div", { class: "messages" }, list.map(function (m) {
        return el("details", { "data-at": m.at, "data-endpoint": m.endpoint, "data-sent": String(m.sent) },
            el("summary", {}, el("span", { class: "mono dim" }, clockMs(m.at)), " " + nameOf(m.endpoint) +
                (m.sent ? " \u2192 " : " \u2190 ") + m.remote + "  ", el("b", {}, m.text.split("\n")[0].trim())),
            el("pre", {}, m.text), m.cut ? el("p", { class: "none" }, m.cut + " bytes of it were not kept.") : null);
    }), unkept ? el("p", { class: "none" }, unkept + " more messages are not in this file.") : null);
}
