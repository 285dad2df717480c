/* Data and small helpers. All of these files stand in one function (formats/html.c). */
var data = JSON.parse(document.getElementById("data").textContent);
var table = data.table;
data.limits.forEach(function (limit) { limit.value = limit.micro === null ? null : limit.micro / 1e6; });
var outcomes = ["SUCCESS", "COMPLETED_WITH_WARNINGS", "REGISTRATION_FAILED", "CALL_FAILED",
    "NEGOTIATION_FAILED", "TIMEOUT", "OSERROR", "TEARDOWN_ERROR"];
var outcomeWords = ["ended well", "with warnings", "registration failed", "call failed",
    "negotiation failed", "timed out", "machine error", "teardown failed"];
var root = document.documentElement;

/* Attributes by name; children are elements or text, never markup. */
function el(name, attributes) {
    return fill(document.createElement(name), attributes, [].slice.call(arguments, 2));
}

function svg(name, attributes) {
    return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes,
        [].slice.call(arguments, 2));
}

function fill(node, attributes, children) {
    Object.keys(attributes || {}).forEach(function (key) {
        if (key.slice(0, 2) === "on")
            node.addEventListener(key.slice(2), attributes[key]);
        else if (attributes[key] !== null && attributes[key] !== undefined)
            node.setAttribute(key, attributes[key]);
    });
    children.forEach(function add(child) {
        if (Array.isArray(child))
            child.forEach(add);
        else if (child !== null && child !== undefined)
            node.append(child);
    });
    return node;
}

function id(name) {
    return document.getElementById(name);
}

/* Without the reader's locale: the same report reads the same everywhere. */
function thousands(text) {
    var parts = text.split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return parts.join(".");
}

function number(value, digits) {
    return value === null || value === undefined || isNaN(value) ? "\u2013"
        : thousands(value.toFixed(digits));
}

/* With its unit; big and small ones in one that reads well. */
function quantity(value, unit, digits) {
    if (value === null || value === undefined || isNaN(value))
        return "\u2013";
    if (unit === "ms" || unit === " ms") {
        var size = Math.abs(value);
        return size >= 1000 ? number(value / 1000, 2) + " s"
            : number(value, size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2) + " ms";
    }
    if (unit.trim() === "bps" || unit.trim() === "bit/s")
        return Math.abs(value) >= 1e6 ? number(value / 1e6, 2) + " Mbit/s"
            : Math.abs(value) >= 1000 ? number(value / 1000, 1) + " kbit/s" : number(value, 0) + " bit/s";
    return number(value, digits) + (unit && unit[0] !== "%" && unit[0] !== " " ? " " : "") + unit;
}

function clock(seconds) {
    var sign = seconds < 0 ? "-" : "", rest = Math.round(Math.abs(seconds) * 1000) / 1000;
    var hours = Math.floor(rest / 3600), minutes = Math.floor(rest / 60) % 60;
    var tail = rest % 60, text = tail % 1 ? tail.toFixed(1) : String(tail);
    return sign + (hours ? hours + ":" + (minutes < 10 ? "0" : "") : "") + minutes + ":" +
        (tail < 10 ? "0" : "") + text;
}

/* Of integers that are differences to the one before that is known. */
function undelta(list, digits) {
    var power = Math.pow(10, digits), sum = 0;
    return list.map(function (each) {
        if (each === null)
            return null;
        sum += each;
        return sum / power;
    });
}

function steps(count, step) {
    var list = [];
    for (var i = 0; i < count; i++)
        list.push(i * step);
    return list;
}

function groupOf(index) {
    return data.groups.findIndex(function (group) {
        return index >= group.first && index < group.first + group.count;
    });
}

function nameOf(index) {
    var group = data.groups[groupOf(index)];
    return group ? group.name + "[" + (index - group.first) + "]" : "outside";
}

function linkOf(index) {
    var group = data.groups[groupOf(index)];
    return "#/endpoint/" + encodeURIComponent(group.name) + "-" + (index - group.first);
}

/* "callers-12" or a plain index; -1: nobody. */
function endpointOf(text) {
    if (/^\d+$/.test(text))
        return Number(text) < table.count ? Number(text) : -1;
    var cut = text.lastIndexOf("-"), name = text.slice(0, cut), index = Number(text.slice(cut + 1));
    var group = data.groups.find(function (each) { return each.name === name; });
    return group && index >= 0 && index < group.count ? group.first + index : -1;
}

function pill(outcome) {
    var state = outcome === 0 ? "pass" : outcome === 1 ? "warning" : "fail";
    return el("span", { class: "s-" + state }, el("span", { class: "pill" },
        outcome === 0 ? "\u2713 " : outcome === 1 ? "! " : "\u2717 ", outcomeWords[outcome]));
}

function color(name) {
    return getComputedStyle(root).getPropertyValue("--" + name).trim();
}
