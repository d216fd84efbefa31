/* What stands in the x-… attributes of pages, worked out without `eval`.

   Alpine makes functions of those texts, which a Content-Security-Policy without 'unsafe-eval'
   forbids. This reads the part of the language that pages use: values, names, members, calls,
   operators, assignments, arrow functions, `;` and `if`. Beside what a page's components hold
   it knows nothing but the names in OUTSIDE; anything else is an error in the console. */
"use strict";

(() => {
    const TOKEN = new RegExp(
        [
            /(?<number>\d+(?:\.\d+)?)/, /(?<name>[A-Za-z_$][\w$]*)/,
            /(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/,
            /(?<sign>=>|===|!==|==|!=|<=|>=|&&|\|\||\?\?|[-+*/%<>=!?:.,;()[\]{}])/,
        ].map((part) => part.source).join("|"), "y");
    const LITERALS = { true: true, false: false, null: null, undefined: undefined };
    const FORBIDDEN = new Set(["constructor", "__proto__", "prototype"]);
    // Each asked for when it is needed: those of django-unfold are loaded later.
    const OUTSIDE = {
        localStorage: () => localStorage,
        window: () => ({ location: { pathname: location.pathname, search: location.search } }),
        getCurrentTab: () => getCurrentTab,
        moveRecords: () => moveRecords,
        searchCommand: () => searchCommand,
        searchDropdown: () => searchDropdown,
        searchForm: () => searchForm,
        sortRecords: () => sortRecords,
        styled: () => styled,
        theme: () => theme,
    };
    const BINARY = [
        { "??": (a, b) => a() ?? b(), "||": (a, b) => a() || b() },
        { "&&": (a, b) => a() && b() },
        {
            "===": (a, b) => a() === b(), "!==": (a, b) => a() !== b(),
            "==": (a, b) => a() == b(), "!=": (a, b) => a() != b(),
        },
        {
            "<": (a, b) => a() < b(), ">": (a, b) => a() > b(),
            "<=": (a, b) => a() <= b(), ">=": (a, b) => a() >= b(),
        },
        { "+": (a, b) => a() + b(), "-": (a, b) => a() - b() },
        { "*": (a, b) => a() * b(), "/": (a, b) => a() / b(), "%": (a, b) => a() % b() },
    ];
    const UNARY = { "!": (value) => !value, "-": (value) => -value, "+": (value) => +value };

    // Alpine sets a text as the attribute `style`, which the policy forbids, but not an object's values.
    const styled = (value) => {
        if (typeof value !== "string") return value;
        const rules = value.split(";").map((rule) => rule.split(/:(.*)/s).map((part) => part.trim()));
        return Object.fromEntries(rules.filter(([name]) => name));
    };

    const tokensOf = (source) => {
        const tokens = [];
        let at = 0;
        for (;;) {
            while (/\s/.test(source[at] ?? "")) at += 1;
            if (at >= source.length) return tokens;
            TOKEN.lastIndex = at;
            const found = TOKEN.exec(source);
            if (!found) throw new SyntaxError(`unreadable from: ${source.slice(at, at + 20)}`);
            const [kind, value] = Object.entries(found.groups).find(([, part]) => part !== undefined);
            tokens.push({ kind, value });
            at = TOKEN.lastIndex;
        }
    };

    const checked = (name) => {
        if (FORBIDDEN.has(String(name))) throw new TypeError(`${name} is not to be had`);
        return name;
    };

    // A node is {get(scope)}; of what can be assigned also {put(scope, value)}, of a member {of(scope)}.
    const constant = (value) => ({ get: () => value });
    const variable = (name) => ({
        get: (scope) => {
            if (name in scope) return scope[name];
            if (Object.hasOwn(OUTSIDE, name)) return OUTSIDE[name]();
            throw new ReferenceError(`${name} is not known`);
        },
        put: (scope, value) => (scope[checked(name)] = value),
        of: (scope) => (name in scope ? scope : undefined),
    });
    const member = (owner, key) => ({
        get: (scope) => owner.get(scope)[checked(key(scope))],
        put: (scope, value) => (owner.get(scope)[checked(key(scope))] = value),
        of: (scope) => owner.get(scope),
    });
    const call = (called, given) => ({
        get: (scope) => called.get(scope).apply(called.of?.(scope), given.map((each) => each.get(scope))),
    });
    const arrow = (names, body) => ({
        get: (scope) => (...values) => {
            const own = Object.fromEntries(names.map((name, index) => [name, values[index]]));
            return body.get(Alpine.mergeProxies([own, scope]));
        },
    });

    class Reader {
        constructor(source) {
            this.tokens = tokensOf(source);
            this.at = 0;
        }

        get next() {
            return this.tokens[this.at] ?? { kind: "end", value: "" };
        }

        is(sign) {
            return this.next.kind === "sign" && this.next.value === sign;
        }

        skip(sign) {
            if (!this.is(sign)) return false;
            this.at += 1;
            return true;
        }

        need(sign) {
            if (!this.skip(sign)) throw new SyntaxError(`${sign} is missing before “${this.next.value}”`);
        }

        take(kind) {
            if (this.next.kind !== kind) throw new SyntaxError(`a ${kind} is missing before “${this.next.value}”`);
            this.at += 1;
            return this.tokens[this.at - 1].value;
        }

        list(end, read) {
            const all = [];
            while (!this.skip(end)) {
                all.push(read());
                if (!this.is(end)) this.need(",");
            }
            return all;
        }

        statements(end) {
            const all = [];
            while (this.next.kind !== "end" && !(end && this.is(end))) {
                if (!this.skip(";")) all.push(this.statement());
            }
            return { get: (scope) => all.reduce((_, each) => each.get(scope), undefined) };
        }

        statement() {
            if (this.next.kind === "name" && this.next.value === "if") return this.condition();
            const read = this.expression();
            if (this.next.kind !== "end" && !this.is("}")) this.need(";");
            return read;
        }

        condition() {
            this.at += 1;
            this.need("(");
            const asked = this.expression();
            this.need(")");
            const yes = this.branch();
            const hasElse = this.next.kind === "name" && this.next.value === "else";
            if (hasElse) this.at += 1;
            const no = hasElse ? this.branch() : constant(undefined);
            return { get: (scope) => (asked.get(scope) ? yes : no).get(scope) };
        }

        branch() {
            if (!this.skip("{")) return this.statement();
            const read = this.statements("}");
            this.need("}");
            return read;
        }

        expression() {
            const names = this.parameters();
            if (names) return arrow(names, this.expression());
            const read = this.choice();
            if (!this.is("=") || !read.put) return read;
            this.at += 1;
            const value = this.expression();
            return { get: (scope) => read.put(scope, value.get(scope)) };
        }

        // The names before `=>`, if that is what stands here.
        parameters() {
            const rest = this.tokens.slice(this.at).map((token) => token.value);
            const end = rest[0] === "(" ? rest.indexOf(")") : 0;
            if (rest[end + 1] !== "=>") return null;
            this.at += end + 2;
            return rest.slice(0, end + 1).filter((part) => !"(),".includes(part));
        }

        choice() {
            const asked = this.binary(0);
            if (!this.skip("?")) return asked;
            const yes = this.expression();
            this.need(":");
            const no = this.expression();
            return { get: (scope) => (asked.get(scope) ? yes : no).get(scope) };
        }

        binary(level) {
            if (level === BINARY.length) return this.unary();
            let left = this.binary(level + 1);
            while (this.next.kind === "sign" && Object.hasOwn(BINARY[level], this.next.value)) {
                const apply = BINARY[level][this.take("sign")];
                const [one, other] = [left, this.binary(level + 1)];
                left = { get: (scope) => apply(() => one.get(scope), () => other.get(scope)) };
            }
            return left;
        }

        unary() {
            if (this.next.kind !== "sign" || !Object.hasOwn(UNARY, this.next.value)) return this.chain();
            const apply = UNARY[this.take("sign")];
            const operand = this.unary();
            return { get: (scope) => apply(operand.get(scope)) };
        }

        chain() {
            let read = this.primary();
            for (;;) {
                if (this.skip(".")) {
                    const name = this.take("name");
                    read = member(read, () => name);
                } else if (this.skip("[")) {
                    const key = this.expression();
                    this.need("]");
                    read = member(read, (scope) => key.get(scope));
                } else if (this.skip("(")) read = call(read, this.list(")", () => this.expression()));
                else return read;
            }
        }

        primary() {
            const { kind, value } = this.next;
            this.at += 1;
            if (kind === "number") return constant(Number(value));
            if (kind === "text") return constant(value.slice(1, -1).replace(/\\(.)/gs, "$1"));
            if (kind === "name") return Object.hasOwn(LITERALS, value) ? constant(LITERALS[value]) : variable(value);
            if (value === "(") {
                const read = this.expression();
                this.need(")");
                return read;
            }
            if (value === "[") {
                const all = this.list("]", () => this.expression());
                return { get: (scope) => all.map((each) => each.get(scope)) };
            }
            if (value === "{") return this.object();
            throw new SyntaxError(`unexpected “${value}”`);
        }

        object() {
            const pairs = this.list("}", () => {
                const key = this.primaryKey();
                return [key, this.skip(":") ? this.expression() : variable(key)];
            });
            return { get: (scope) => Object.fromEntries(pairs.map(([key, value]) => [key, value.get(scope)])) };
        }

        primaryKey() {
            const { kind, value } = this.next;
            this.at += 1;
            if (kind === "text") return checked(value.slice(1, -1));
            if (kind === "name" || kind === "number") return checked(value);
            throw new SyntaxError(`unexpected “${value}”`);
        }
    }

    const read = new Map();
    const nodeOf = (source) => {
        if (!read.has(source)) read.set(source, new Reader(source).statements());
        return read.get(source);
    };

    const complain = (error, element, expression) => {
        console.warn(`${error.message} in: ${expression}`, element);
        setTimeout(() => {
            throw error;
        });
    };

    // What Alpine asks for: a function that works the expression out and hands on what comes of it.
    const evaluator = (element, expression) => {
        const stack = [{ $el: element }, ...Alpine.closestDataStack(element)];
        return (receive = () => {}, { scope = {}, params = [] } = {}) => {
            try {
                const around = Alpine.mergeProxies([scope, ...stack]);
                const isGiven = typeof expression === "function";
                let value = isGiven ? expression : nodeOf(expression).get(around);
                if (typeof value === "function") value = value.apply(around, params);
                if (value instanceof Promise) {
                    value.then(receive).catch((error) => complain(error, element, expression));
                } else receive(value);
            } catch (error) {
                complain(error, element, expression);
            }
        };
    };

    document.addEventListener("alpine:init", () => {
        Alpine.setEvaluator(evaluator);
        Alpine.mapAttributes(({ name, value }) =>
            name === "x-bind:style" ? { name, value: `styled(${value})` } : { name, value });
    });

    // htmx would put a <style> into the page, and evaluate what stands in hx-on and filters of triggers.
    if (window.htmx) Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false });
})();
