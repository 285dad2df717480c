/* The table of endpoints: only the rows that can be seen are in the page. */
var ROW = 33;
var columns = [
    { name: "name", title: "Endpoint", width: 118, text: nameOf, link: true, value: function (i) { return i; } },
    { name: "outcome", title: "Outcome", width: 142, value: function (i) { return table.outcome[i]; } },
    { name: "status", title: "SIP", width: 52, digits: 0, zero: true },
    { name: "reason", title: "Reason", width: 160, value: function (i) { return table.texts[table.reason[i]]; } },
    { name: "setup", title: "Setup", width: 80, digits: 1, unit: "ms" },
    { name: "mos", title: "MOS", width: 60, digits: 2 },
    { name: "mosmin", title: "Lowest", width: 74, digits: 2 },
    { name: "loss", title: "Loss", width: 72, digits: 2, unit: "%" },
    { name: "jitter", title: "Jitter max", width: 94, digits: 2, unit: "ms" },
    { name: "rtt", title: "RTT", width: 76, digits: 1, unit: "ms" },
    { name: "packets", title: "Received", width: 86, digits: 0 },
    { name: "first", title: "1st media", width: 92, digits: 1, unit: "ms" },
    { name: "partner", title: "Partner", width: 104, link: true }
];
var order = [], sorted = { name: "", down: false }, filter = { text: "", outcome: "", group: "" }, at = 0;

function valueOf(column, i) {
    if (column.value)
        return column.value(i);
    var raw = table[column.name][i];
    if (raw === null || column.zero && raw === 0 || column.name === "partner" && raw < 0)
        return null;
    return column.digits ? raw / Math.pow(10, column.digits) : raw;
}

function textOf(column, i) {
    if (column.text)
        return column.text(i);
    var value = valueOf(column, i);
    if (column.name === "partner")
        return value === null ? "outside" : nameOf(value);
    if (column.name === "status")
        return value === null ? "\u2013" : String(value);
    return column.digits === undefined ? String(value) : quantity(value, column.unit || "", column.digits);
}

/* What was not measured is last in both directions. */
function compare(column, down) {
    return function (a, b) {
        var x = valueOf(column, a), y = valueOf(column, b);
        if (x === null || y === null)
            return x === y ? a - b : x === null ? 1 : -1;
        return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1) || a - b;
    };
}

function arrange() {
    var wanted = filter.text.toLowerCase(), list = [];
    for (var i = 0; i < table.count; i++) {
        if (filter.outcome === "bad" ? table.outcome[i] < 2
            : filter.outcome && outcomes[table.outcome[i]] !== filter.outcome)
            continue;
        if (filter.group !== "" && groupOf(i) !== Number(filter.group))
            continue;
        if (wanted && (nameOf(i) + " " + table.status[i] + " " + table.texts[table.reason[i]] + " " +
            outcomeWords[table.outcome[i]]).toLowerCase().indexOf(wanted) < 0)
            continue;
        list.push(i);
    }
    var column = columns.find(function (each) { return each.name === sorted.name; });
    if (column)
        list.sort(compare(column, sorted.down));
    else /* the worst first: by outcome, then by MOS */
        list.sort(function (a, b) {
            var x = table.outcome[a] > 1, y = table.outcome[b] > 1;
            return y - x || compare(columns[6], false)(a, b);
        });
    order = list;
    at = 0;
    id("rows").parentNode.parentNode.scrollTop = 0;
    heads();
    rows();
    id("found").textContent = number(list.length, 0) + " of " + number(table.count, 0) + " endpoints";
}

function heads() {
    columns.forEach(function (column) {
        var head = id("head-" + column.name), own = sorted.name === column.name;
        head.setAttribute("aria-sort", !own ? "none" : sorted.down ? "descending" : "ascending");
        head.firstChild.textContent = column.title + (own ? sorted.down ? " \u25be" : " \u25b4" : "");
    });
}

function cell(column, i) {
    var text = textOf(column, i), node = el("td", { class: column.digits === undefined ? "" : "num", title: text });
    if (column.name === "outcome")
        node.append(pill(table.outcome[i]));
    else if (column.link && text !== "outside")
        node.append(el("a", { href: linkOf(column.name === "partner" ? valueOf(column, i) : i) }, text));
    else
        node.append(text);
    return node;
}

function rows() {
    var box = id("grid"), first = Math.max(0, Math.floor(box.scrollTop / ROW) - 8);
    var last = Math.min(order.length, first + Math.ceil((box.clientHeight || 620) / ROW) + 16);
    var list = [el("tr", { class: "pad", "aria-hidden": "true" },
        el("td", { colspan: columns.length, style: "height:" + first * ROW + "px" }))];
    for (var n = first; n < last; n++)
        list.push(el("tr", { "aria-rowindex": n + 2, class: n === at ? "at" : "" },
            columns.map(function (column) { return cell(column, order[n]); })));
    list.push(el("tr", { class: "pad", "aria-hidden": "true" },
        el("td", { colspan: columns.length, style: "height:" + (order.length - last) * ROW + "px" })));
    id("rows").replaceChildren.apply(id("rows"), list);
    id("rows").parentNode.setAttribute("aria-rowcount", order.length + 1);
}

function tableKeys(event) {
    var box = id("grid"), move = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e9, End: 1e9 }[event.key];
    if (event.target !== box)
        return;
    if (event.key === "Enter" && order.length)
        location.hash = linkOf(order[at]);
    if (!move)
        return;
    event.preventDefault();
    at = Math.max(0, Math.min(order.length - 1, at + move));
    if (at * ROW < box.scrollTop)
        box.scrollTop = at * ROW;
    else if ((at + 2) * ROW > box.scrollTop + box.clientHeight)
        box.scrollTop = (at + 2) * ROW - box.clientHeight;
    rows();
}

function tableHash() {
    var parts = [];
    if (sorted.name)
        parts.push("sort=" + (sorted.down ? "-" : "") + sorted.name);
    ["outcome", "group", "text"].forEach(function (name) {
        if (filter[name] !== "")
            parts.push(name + "=" + encodeURIComponent(filter[name]));
    });
    history.replaceState(null, "", "#/endpoints" + (parts.length ? "?" + parts.join("&") : ""));
}

function setUpTable() {
    var head = id("heads"), box = id("grid");
    columns.forEach(function (column) {
        head.append(el("th", { id: "head-" + column.name, scope: "col", style: "width:" + column.width + "px",
            class: column.digits === undefined ? "" : "num" }, el("button", { type: "button", onclick: function () {
            sorted = { name: column.name, down: sorted.name === column.name && !sorted.down };
            tableHash();
            arrange();
        } }, column.title)));
    });
    outcomes.forEach(function (name, i) {
        if (table.outcome.indexOf(i) >= 0)
            id("by-outcome").append(el("option", { value: name }, outcomeWords[i]));
    });
    data.groups.forEach(function (group, i) {
        id("by-group").append(el("option", { value: i }, "group " + group.name));
    });
    [["by-outcome", "outcome"], ["by-group", "group"], ["by-text", "text"]].forEach(function (each) {
        id(each[0]).addEventListener("input", function () {
            filter[each[1]] = id(each[0]).value;
            tableHash();
            arrange();
        });
    });
    box.addEventListener("scroll", rows, { passive: true });
    box.addEventListener("keydown", tableKeys);
}

function readTable(query) {
    filter = { text: "", outcome: "", group: "" };
    sorted = { name: "", down: false };
    (query || "").split("&").forEach(function (part) {
        var cut = part.indexOf("="), name = part.slice(0, cut), value;
        try { value = decodeURIComponent(part.slice(cut + 1)); } catch (ignored) { return; }
        if (name === "sort")
            sorted = { name: value.replace(/^-/, ""), down: value[0] === "-" };
        else if (name in filter)
            filter[name] = value;
    });
    id("by-outcome").value = filter.outcome;
    id("by-group").value = filter.group;
    id("by-text").value = filter.text;
    arrange();
}
