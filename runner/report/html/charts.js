/* Charts over time: the band of the middle 90% and the median. */
var charts = [];

function describe(key) {
    return data.bands.rows.find(function (row) { return row.key === key && row.group === -1; });
}

function rowOf(key, group) {
    return data.bands.rows.find(function (row) { return row.key === key && row.group === group; });
}

function limitsOf(key, group) {
    return data.limits.filter(function (limit) {
        return limit.key === key && limit.value !== null &&
            (limit.group === null || group < 0 || limit.group === data.groups[group].name);
    });
}

/* What the axis spans: the data, 0 where that means something, and limits that are not far away. */
function rangeOf(key, lists, limits) {
    var low = Infinity, high = -Infinity;
    lists.forEach(function (list) {
        list.forEach(function (value) {
            if (value !== null) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        });
    });
    if (/\bmos|_mos/.test(key))
        return [1, 4.7];
    if (low === Infinity)
        return [0, 1];
    if (low >= 0)
        low = 0;
    limits.forEach(function (limit) {
        if (limit.value <= Math.max(high * 4, high + 2)) {
            high = Math.max(high, limit.value);
            low = Math.min(low, limit.value);
        }
    });
    if (low === 0 && high === 0)
        return [0, 1];
    var room = (high - low || Math.abs(high) || 1) * .08;
    return [low === 0 ? 0 : low - room, high + room];
}

function drawLimits(limits, unit, digits) {
    return function (u) {
        var c = u.ctx, box = u.bbox, scale = uPlot.pxRatio;
        c.save();
        c.lineWidth = 1.4 * scale;
        c.font = 600 + " " + 11 * scale + "px system-ui, sans-serif";
        c.textAlign = "right";
        limits.forEach(function (limit) {
            var y = u.valToPos(limit.value, "y", true);
            if (y < box.top - 1 || y > box.top + box.height + 1)
                return;
            c.strokeStyle = c.fillStyle = color(limit.verdict === "pass" ? "dim" : "bad");
            c.setLineDash([6 * scale, 4 * scale]);
            c.beginPath();
            c.moveTo(box.left, y);
            c.lineTo(box.left + box.width, y);
            c.stroke();
            c.textBaseline = y - box.top < 16 * scale ? "top" : "bottom";
            c.fillText(limit.stat + " " + limit.compare + " " + quantity(limit.value, unit, digits),
                box.left + box.width - 4 * scale, y + (c.textBaseline === "top" ? 3 : -2) * scale);
        });
        c.restore();
    };
}

function axes(unit, digits) {
    var ink = color("dim"), line = color("line"), font = "11px system-ui, sans-serif";
    var shared = { stroke: ink, font: font, grid: { stroke: line, width: 1 },
        ticks: { stroke: line, width: 1, size: 4 } };
    return [
        Object.assign({}, shared, { size: 28, values: function (u, splits) { return splits.map(clock); } }),
        Object.assign({}, shared, { size: /bps|bit/.test(unit) ? 82 : 62, values: function (u, splits) {
            var apart = splits.length > 1 ? splits[1] - splits[0] : 1;
            var needed = Math.min(4, Math.max(0, -Math.floor(Math.log10(apart) + 1e-9)));
            return splits.map(function (value) {
                return unit.trim() === "ms" || /bps|bit/.test(unit) ? quantity(value, unit, needed)
                    : number(value, needed) + (unit === "%" ? "%" : "");
            });
        } })
    ];
}

/* Arrows move the cursor, + - and 0 zoom: what the mouse does, for who has none. */
function keys(u) {
    return function (event) {
        var x = u.data[0], at = u.cursor.idx === null ? 0 : u.cursor.idx, scale = u.scales.x;
        var middle = x[at], span = scale.max - scale.min;
        if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
            at = Math.max(0, Math.min(x.length - 1, at + (event.key === "ArrowLeft" ? -1 : 1)));
            u.setCursor({ left: u.valToPos(x[at], "x"), top: u.over.clientHeight / 2 });
        } else if (event.key === "+" || event.key === "-") {
            span *= event.key === "+" ? .5 : 2;
            zoom(Math.max(x[0], middle - span / 2), Math.min(x[x.length - 1], middle + span / 2));
        } else if (event.key === "0" || event.key === "Escape")
            zoom(x[0], x[x.length - 1]);
        else
            return;
        event.preventDefault();
    };
}

function zoom(min, max) {
    charts.forEach(function (u) {
        u.setScale("x", { min: min, max: Math.max(max, min + .5) });
    });
}

/* So few that a line alone might show nothing. */
function few(values) {
    return values.filter(function (value) { return value !== null; }).length < 12;
}

/* chart: title, help, unit, digits, x, lines [{label, values, color, width, dash, hidden}], band,
 * limits, range. Returns its element; it is drawn when that is in the page. */
function chart(spec) {
    var now = el("span", { class: "now" }), box = el("div", { class: "plot" });
    var legend = el("div", { class: "legend" }), width, u;
    spec.lines.forEach(function (line) {
        if (!line.hidden)
            legend.append(el("span", { style: "color:" + line.color }, el("i"),
                el("span", { class: "dim" }, line.label)));
    });
    if (spec.band)
        legend.append(el("span", { style: "color:" + spec.lines[0].color },
            el("i", { class: "swatch" }), el("span", { class: "dim" }, "p5 to p95")));
    spec.limits.forEach(function (limit) {
        var seen = limit.value >= spec.range[0] && limit.value <= spec.range[1];
        legend.append(el("span", { class: limit.verdict === "pass" ? "dim" : "limit" },
            (limit.verdict === "pass" ? "\u2713 " : "\u2717 ") + limit.stat + " " + limit.compare +
            " " + quantity(limit.value, spec.unit, spec.digits) + (seen ? "" : " (off the chart)")));
    });
    var node = el("div", { class: "chart", "data-chart": spec.title }, el("h3", { title: spec.help },
        el("span", {}, spec.title), spec.note ? el("span", { class: "dim" }, spec.note) : null, now),
        legend, box);
    function tell(self) {
        var at = self.cursor.idx;
        now.textContent = at === null || at === undefined ? spec.summary || "" :
            clock(self.data[0][at]) + "  " + spec.lines.map(function (line) {
                return line.label + " " + quantity(line.values[at], spec.unit, spec.digits);
            }).join("  ");
    }
    node.draw = function () {
        width = Math.max(240, box.clientWidth);
        u = new uPlot({
            width: width, height: 190, padding: [10, 20, 0, 0], legend: { show: false },
            cursor: { sync: { key: "time" }, drag: { x: true, y: false }, points: { size: 6 }, focus: { prox: -1 } },
            scales: { x: { time: false }, y: { range: function () { return spec.range; } } },
            axes: axes(spec.unit, spec.digits),
            series: [{}].concat(spec.lines.map(function (line) {
                return { stroke: line.color, width: line.hidden ? 0 : line.width || 2, dash: line.dash,
                    points: { show: !line.hidden && few(line.values), size: 6 } };
            })),
            bands: spec.band ? [{ series: [3, 2], fill: spec.lines[0].color + "38" }] : [],
            hooks: { draw: [drawLimits(spec.limits, spec.unit, spec.digits)], setCursor: [tell] }
        }, [spec.x].concat(spec.lines.map(function (line) { return line.values; })), box);
        box.tabIndex = 0;
        box.setAttribute("role", "img");
        box.setAttribute("aria-label", spec.title + " over time. " + (spec.summary || ""));
        box.addEventListener("keydown", keys(u));
        tell(u);
        charts.push(u);
    };
    return node;
}

function overall(row) {
    var best = Infinity, worst = -Infinity;
    undelta(row.mid, row.digits).forEach(function (value) {
        if (value !== null) {
            best = Math.min(best, value);
            worst = Math.max(worst, value);
        }
    });
    return best === worst ? "median " + quantity(best, row.unit, row.digits)
        : "median " + quantity(best, row.unit, row.digits) + " to " + quantity(worst, row.unit, row.digits);
}

/* The group that a threshold is about which did not hold. */
function troubled(key) {
    var found = data.limits.find(function (limit) {
        return limit.key === key && limit.verdict !== "pass" && limit.group !== null;
    });
    var group = found ? data.groups.findIndex(function (each) { return each.name === found.group; }) : -1;
    return group >= 0 && rowOf(key, group) ? group : -1;
}

function bandChart(key, asked) {
    var group = asked === -1 ? troubled(key) : asked, notes = [];
    var all = describe(key), row = rowOf(key, group);
    if (!all || !row)
        return null;
    var main = color("series"), limits = limitsOf(key, group);
    var low = undelta(row.lo, row.digits), middle = undelta(row.mid, row.digits);
    var high = undelta(row.hi, row.digits);
    if (group >= 0)
        notes.push("group " + data.groups[group].name);
    if (row.scale)
        notes.push(row.scale === "mixed" ? "mixed scales: not comparable" : row.scale + " band");
    return chart({
        title: key, help: all.help, unit: all.unit, digits: Math.min(row.digits, 2),
        note: notes.join(", "),
        x: steps(data.bands.points, data.bands.step), band: true, limits: limits,
        lines: [{ label: "p50", values: middle, color: main },
            { label: "p5", values: low, color: main, hidden: true },
            { label: "p95", values: high, color: main, hidden: true }],
        range: rangeOf(key, [low, high], limits), summary: overall(row)
    });
}

/* The medians of the groups in one picture. */
function groupChart(key) {
    var all = describe(key), names = ["series", "series2", "series3", "series4"];
    var dashes = [undefined, [6, 3], [2, 3], [9, 3, 2, 3]], limits = limitsOf(key, -1), lines = [];
    data.groups.forEach(function (group, index) {
        var row = rowOf(key, index);
        if (row)
            lines.push({ label: group.name, values: undelta(row.mid, row.digits),
                color: color(names[lines.length % 4]), dash: dashes[(lines.length >> 2) % 4] });
    });
    if (!all || !lines.length)
        return null;
    return chart({ title: key, help: all.help, unit: all.unit, digits: Math.min(all.digits, 2),
        note: "p50 of each group", x: steps(data.bands.points, data.bands.step), limits: limits,
        lines: lines, range: rangeOf(key, lines.map(function (line) { return line.values; }), limits) });
}

function phaseChart() {
    var phases = data.bands.phases, limits = [];
    var lines = [["registered", phases.registered, "series3"], ["calling", phases.calling, "series2"],
        ["in call", phases.incall, "series"]].map(function (each) {
        return { label: each[0], values: each[1], color: color(each[2]), width: 2,
            dash: each[0] === "calling" ? [5, 3] : undefined };
    }).filter(function (line) { return Math.max.apply(null, line.values) > 0; });
    if (!lines.length)
        return null;
    return chart({ title: "endpoints", help: "How many endpoints were in which phase.", unit: "", digits: 0,
        x: steps(data.bands.points, data.bands.step), lines: lines, limits: limits,
        range: rangeOf("endpoints", lines.map(function (line) { return line.values; }), limits) });
}

/* What is shown first: what failed, then other thresholds, then what tells most. */
function sensible() {
    var wanted = [], known = {};
    function want(key) {
        if (!known[key] && (key === "endpoints" || describe(key)) && wanted.length < 6) {
            known[key] = true;
            wanted.push(key);
        }
    }
    data.limits.forEach(function (limit) { if (limit.verdict !== "pass") want(limit.key); });
    ["receive.mos", "receive.packet_loss", "receive.jitter", "endpoints"].forEach(want);
    data.limits.forEach(function (limit) { want(limit.key); });
    ["call_setup_time", "receive.rtt", "post_dial_delay", "registration.time", "receive.pdv_p95"].forEach(want);
    return wanted;
}

var chosen = null, shownGroup = -1;

function drawCharts() {
    var place = id("plots");
    charts.forEach(function (u) { u.destroy(); });
    charts = [];
    var list = chosen.map(function (key) {
        return key === "endpoints" ? phaseChart() : shownGroup === -2 ? groupChart(key)
            : bandChart(key, shownGroup);
    }).filter(Boolean);
    place.replaceChildren.apply(place, list);
    list.forEach(function (node) { node.draw(); });
    if (!list.length)
        place.append(el("p", { class: "none" }, "Nothing was measured here over time."));
}

function setUpCharts() {
    var names = ["endpoints"], choose = id("chooser");
    data.bands.rows.forEach(function (row) { if (row.group === -1) names.push(row.key); });
    names.forEach(function (key) {
        var box = el("input", { type: "checkbox", value: key, onchange: function () {
            chosen = names.filter(function (each) {
                var other = choose.querySelector("input[value='" + each + "']");
                return other && other.checked;
            });
            history.replaceState(null, "", "#/charts/" + chosen.join(","));
            drawCharts();
        } });
        choose.append(el("label", { title: key === "endpoints" ? "" : describe(key).help }, box, " " + key));
    });
    var select = id("group");
    if (data.bands.groups > 0) {
        data.groups.slice(0, data.bands.groups).forEach(function (group, index) {
            select.append(el("option", { value: index }, "group " + group.name));
        });
        select.append(el("option", { value: -2 }, "each group"));
        select.addEventListener("change", function () {
            shownGroup = Number(select.value);
            drawCharts();
        });
    } else
        select.hidden = true;
    id("bands-note").textContent = "Each point is " +
        (data.bands.step === 1 ? "a second" : data.bands.step + " s") +
        " of all streams, or calls: the line is the median, the band the middle 90%, each within 1%. " +
        "Drag to zoom, double-click to see all; with the keyboard: arrows, +, \u2212 and 0." +
        (data.groups.length > data.bands.groups && data.bands.groups > 0
            ? " Of " + data.groups.length + " groups the first " + data.bands.groups + " are shown." : "");
}

function choose(list) {
    chosen = list && list.length ? list : sensible();
    id("chooser").querySelectorAll("input").forEach(function (box) {
        box.checked = chosen.indexOf(box.value) >= 0;
    });
    drawCharts();
}
