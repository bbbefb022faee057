//! JavaScript, in this process: an engine of its own for every test, so that nothing of one test reaches the next.

use super::super::dialogue::Line;
use super::super::limits;
use super::super::lock_in::Ends;
use super::super::order::Order;
use super::next_test;
use parlor_wire::judge::{MOST_DEPTH, Outcome, ProgramError, ProgramErrorKind as Kind, TestResult, Value};
use rquickjs::context::EvalOptions;
use rquickjs::function::{Args, Rest};
use rquickjs::promise::MaybePromise;
use rquickjs::{
    Array, CatchResultExt as _, CaughtError, Coerced, Context, Ctx, FromJs, Function, Object, Runtime,
};
use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::io::Write as _;

const TOOLS: &str = include_str!("tools.js");
/// The engine's stack; the process has twice as much.
const STACK_BYTES: usize = 4 * 1024 * 1024;
/// More items than fit into a result line, so a sparse array of four thousand million is not walked through.
const MOST_ITEMS: usize = limits::MOST_RESULT_BYTES / 2;

/// Runs test after test until there are no more.
pub(super) fn serve(source: &str, order: &Order, ends: Ends) -> ! {
    let (mut go, mut results) = (File::from(ends.tests), File::from(ends.results));
    drop(ends.output);
    let mut tell = |line: &Line| {
        let mut text = serde_json::to_vec(line).unwrap_or_default();
        text.push(b'\n');
        if results.write_all(&text).is_err() {
            std::process::exit(1);
        }
    };
    tell(&Line::Ready);
    for (i, arguments) in order.tests.iter().enumerate() {
        if next_test(&mut go).is_none() {
            break;
        }
        tell(&match one_test(source, order, arguments) {
            Ok(value) => test(i, Outcome::Value(value)),
            Err(error) if matches!(error.kind, Kind::Syntax | Kind::MissingFunction) => Line::Compile(error),
            Err(error) => test(i, Outcome::Error(error)),
        });
    }
    std::process::exit(0)
}

fn test(i: usize, outcome: Outcome) -> Line {
    Line::Test(TestResult { i: i as u32, us: 0, outcome, output: String::new() })
}

fn one_test(source: &str, order: &Order, arguments: &[Value]) -> Result<Value, ProgramError> {
    let out_of_memory = || problem(Kind::OutOfMemory, "out of memory".to_owned(), None);
    let runtime = Runtime::new().map_err(|_| out_of_memory())?;
    runtime.set_memory_limit(limits::engine_bytes(order.limits));
    runtime.set_max_stack_size(STACK_BYTES);
    let context = Context::full(&runtime).map_err(|_| out_of_memory())?;
    context.with(|ctx| {
        furnish(&ctx).catch(&ctx).map_err(|error| described(&error, false))?;
        let tools = Tools { ctx: ctx.clone(), made: OnceCell::new() };
        let options = || {
            let mut options = EvalOptions::default();
            options.strict = false;
            options.filename = Some("solution".to_owned());
            options
        };
        ctx.eval_with_options::<rquickjs::Value<'_>, _>(source, options())
            .catch(&ctx)
            .map_err(|error| described(&error, true))?;
        // A `const` at the top is no property of the global object, so the name is evaluated.
        let function = ctx
            .eval_with_options::<rquickjs::Value<'_>, _>(order.function.as_str(), options())
            .catch(&ctx)
            .ok()
            .and_then(|found| found.into_function())
            .ok_or_else(|| {
                let name = &order.function;
                problem(
                    Kind::MissingFunction,
                    format!("there is no function {name}; the tests call it by exactly this name"),
                    None,
                )
            })?;
        let returned =
            call(&ctx, &tools, &function, arguments).catch(&ctx).map_err(|error| described(&error, false))?;
        Reader { tools: &tools, items: Cell::new(0) }.read(&returned, 0)
    })
}

/// What a host has: a console, and chance that is the same for every player.
fn furnish(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let print = Function::new(ctx.clone(), |values: Rest<rquickjs::Value<'_>>| {
        let shown: Vec<_> = values.0.into_iter().map(shown).collect();
        let text = shown.join(" ") + "\n";
        // The pipe is read all the time; when too much comes the process is killed.
        let mut rest = text.as_bytes();
        while let Ok(n @ 1..) = rustix::io::write(rustix::stdio::stdout(), rest) {
            rest = &rest[n..];
        }
    })?;
    let console = Object::new(ctx.clone())?;
    for name in ["log", "info", "debug", "warn", "error"] {
        console.set(name, print.clone())?;
    }
    let globals = ctx.globals();
    globals.set("console", console)?;
    globals.set("print", print)?;

    let seed = Cell::new(0x2545_f491_4f6c_dd1d_u64);
    let random = Function::new(ctx.clone(), move || {
        // xorshift64*.
        let mut x = seed.get();
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        seed.set(x);
        (x.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    })?;
    globals.get::<_, Object<'_>>("Math")?.set("random", random)
}

/// A value as a console shows it: text as it is, what holds something as JSON, all else as text.
fn shown(value: rquickjs::Value<'_>) -> String {
    let ctx = value.ctx().clone();
    let as_text = |value| Coerced::<String>::from_js(&ctx, value).map(|text| text.0);
    let text = if value.is_object() && !value.is_error() && !value.is_function() {
        ctx.json_stringify(value.clone())
            .and_then(|json| json.map_or_else(|| as_text(value), |json| json.to_string()))
    } else {
        as_text(value)
    };
    text.unwrap_or_else(|_| {
        // Showing it runs the program's own code, which may throw, or it holds itself. A console never throws.
        drop(ctx.catch());
        "(can not be shown)".to_owned()
    })
}

/// Functions of the language that this side needs, made when they are first needed.
struct Tools<'js> {
    ctx: Ctx<'js>,
    made: OnceCell<Object<'js>>,
}

impl<'js> Tools<'js> {
    fn call<T: FromJs<'js>>(&self, name: &str, argument: rquickjs::Value<'js>) -> rquickjs::Result<T> {
        let tools = match self.made.get() {
            Some(tools) => tools.clone(),
            None => {
                let tools: Object<'js> = self.ctx.eval(TOOLS)?;
                self.made.get_or_init(|| tools).clone()
            }
        };
        tools.get::<_, Function<'js>>(name)?.call((argument,))
    }
}

/// Calls the function; where it is asynchronous, waits for what it promises.
fn call<'js>(
    ctx: &Ctx<'js>,
    tools: &Tools<'js>,
    function: &Function<'js>,
    arguments: &[Value],
) -> rquickjs::Result<rquickjs::Value<'js>> {
    let mut given = Args::new(ctx.clone(), arguments.len());
    for argument in arguments {
        given.push_arg(make(ctx, tools, argument)?)?;
    }
    function.call_arg::<MaybePromise<'js>>(given)?.finish()
}

fn make<'js>(ctx: &Ctx<'js>, tools: &Tools<'js>, value: &Value) -> rquickjs::Result<rquickjs::Value<'js>> {
    use rquickjs::Value as Js;
    let tool = |name: &str, argument: Js<'js>| tools.call::<Js<'js>>(name, argument);
    let list = |items: &[Value]| {
        let array = Array::new(ctx.clone())?;
        for (i, item) in items.iter().enumerate() {
            array.set(i, make(ctx, tools, item)?)?;
        }
        rquickjs::Result::Ok(array.into_value())
    };
    Ok(match value {
        Value::Null => Js::new_null(ctx.clone()),
        Value::Bool(value) => Js::new_bool(ctx.clone(), *value),
        // Numbers as far as they are exact.
        Value::Int(value) if value.unsigned_abs() < 1 << 53 => Js::new_number(ctx.clone(), *value as f64),
        Value::Int(value) => Js::new_big_int(ctx.clone(), *value)?,
        Value::BigInt(digits) => tool("integer", text(ctx, digits)?)?,
        Value::Float(value) => Js::new_number(ctx.clone(), *value),
        Value::Text(value) => text(ctx, value)?,
        Value::Utf16(units) => {
            let units: Vec<_> = units.iter().map(|unit| Value::Int(i64::from(*unit))).collect();
            tool("text", list(&units)?)?
        }
        Value::List(items) => list(items)?,
        Value::Set(items) => tool("set", list(items)?)?,
        Value::Map(pairs) if pairs.iter().all(|(key, _)| matches!(key, Value::Text(_))) => {
            let object = Object::new(ctx.clone())?;
            for (key, value) in pairs {
                if let Value::Text(key) = key {
                    object.set(key.as_str(), make(ctx, tools, value)?)?;
                }
            }
            object.into_value()
        }
        Value::Map(pairs) => {
            let pairs: Vec<_> =
                pairs.iter().map(|(key, value)| Value::List(vec![key.clone(), value.clone()])).collect();
            tool("map", list(&pairs)?)?
        }
    })
}

fn text<'js>(ctx: &Ctx<'js>, text: &str) -> rquickjs::Result<rquickjs::Value<'js>> {
    Ok(rquickjs::String::from_str(ctx.clone(), text)?.into_value())
}

/// Reads what a program returned.
struct Reader<'a, 'js> {
    tools: &'a Tools<'js>,
    items: Cell<usize>,
}

impl<'js> Reader<'_, 'js> {
    fn read(&self, value: &rquickjs::Value<'js>, depth: usize) -> Result<Value, ProgramError> {
        if value.is_null() || value.is_undefined() {
            return Ok(Value::Null);
        }
        if let Some(value) = value.as_bool() {
            return Ok(Value::Bool(value));
        }
        if let Some(number) = value.as_number() {
            let exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
            return Ok(if exact { Value::Int(number as i64) } else { Value::Float(number) });
        }
        if let Some(text) = value.as_string() {
            return match text.to_string() {
                Ok(text) => Ok(Value::Text(text)),
                Err(_) => self.tool("units", value).map(Value::Utf16),
            };
        }
        if value.is_big_int() {
            let digits: String = self.tool("digits", value)?;
            return Ok(digits.parse().map_or(Value::BigInt(digits), Value::Int));
        }
        if depth == MOST_DEPTH {
            return Err(not_a_value("the returned value is nested more than 64 deep".to_owned()));
        }
        if value.is_function() || !(value.is_array() || value.is_object() || value.is_proxy()) {
            return Err(wrong_type(value.type_name()));
        }
        if let Some(array) = value.as_array() {
            return self.read_list(array, depth).map(Value::List);
        }
        let parts: Array<'js> = self.tool("take_apart", value)?;
        let (kind, items) = self.known(
            value.ctx(),
            parts.get::<String>(0).and_then(|kind| Ok((kind, parts.get::<Array<'js>>(1)?))),
        )?;
        let items = self.read_list(&items, depth)?;
        match kind.as_str() {
            "list" => Ok(Value::List(items)),
            "set" => Ok(Value::Set(items)),
            "map" => Ok(Value::Map(items.into_iter().filter_map(pair).collect())),
            other => Err(wrong_type(other)),
        }
    }

    fn read_list(&self, array: &Array<'js>, depth: usize) -> Result<Vec<Value>, ProgramError> {
        // Not `Array::len`, which cannot count as far as an array can say it is long.
        let length: f64 = self.known(array.ctx(), array.as_object().get("length"))?;
        if length > (MOST_ITEMS - self.items.get()) as f64 {
            return Err(not_a_value("the returned value is larger than 255 KiB".to_owned()));
        }
        let length = length as usize;
        self.items.set(self.items.get() + length);
        let item = |i| self.known(array.ctx(), array.get::<rquickjs::Value<'js>>(i));
        (0..length).map(|i| self.read(&item(i)?, depth + 1)).collect()
    }

    fn tool<T: FromJs<'js>>(&self, name: &str, value: &rquickjs::Value<'js>) -> Result<T, ProgramError> {
        self.known(value.ctx(), self.tools.call(name, value.clone()))
    }

    /// Reading runs the program's getters, which may throw.
    fn known<T>(&self, ctx: &Ctx<'js>, result: rquickjs::Result<T>) -> Result<T, ProgramError> {
        result.catch(ctx).map_err(|error| described(&error, false))
    }
}

fn pair(item: Value) -> Option<(Value, Value)> {
    match item {
        Value::List(pair) => {
            let [key, value] = <[Value; 2]>::try_from(pair).ok()?;
            Some((key, value))
        }
        _ => None,
    }
}

fn wrong_type(name: &str) -> ProgramError {
    not_a_value(format!("the returned value is of type {name}, which can not be compared"))
}

fn not_a_value(message: String) -> ProgramError {
    problem(Kind::NotAValue, message, None)
}

/// What a program's exception says. While it is loaded, a syntax error is its source's.
fn described(error: &CaughtError<'_>, loading: bool) -> ProgramError {
    let exception = match error {
        CaughtError::Exception(exception) => exception,
        // With no memory left for an error, the engine throws null.
        CaughtError::Value(value) if value.is_null() => {
            return problem(Kind::OutOfMemory, "out of memory".to_owned(), None);
        }
        CaughtError::Value(value) => {
            let text = value.as_string().and_then(|text| text.to_string().ok());
            let text = text.unwrap_or_else(|| format!("a value of type {}", value.type_name()));
            return problem(Kind::Exception, format!("thrown: {text}"), None);
        }
        CaughtError::Error(rquickjs::Error::WouldBlock) => {
            return problem(Kind::Exception, "the returned promise is never fulfilled".to_owned(), None);
        }
        CaughtError::Error(other) => return problem(Kind::Exception, other.to_string(), None),
    };
    let name = exception.as_object().get::<_, String>("name").unwrap_or_else(|_| "Error".to_owned());
    let message = exception.message().unwrap_or_default();
    let line = exception.stack().as_deref().and_then(line_of);
    if message == "out of memory" {
        return problem(Kind::OutOfMemory, message, None);
    }
    let kind = if loading && name == "SyntaxError" { Kind::Syntax } else { Kind::Exception };
    problem(kind, format!("{name}: {message}"), line)
}

/// The first line of the source that a stack names: `at f (solution:3:7)`.
fn line_of(stack: &str) -> Option<u32> {
    let (_, rest) = stack.split_once("solution:")?;
    rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn problem(kind: Kind, message: String, line: Option<u32>) -> ProgramError {
    let message = match message.char_indices().nth(limits::MOST_MESSAGE_CHARS) {
        Some((end, _)) => message[..end].to_owned(),
        None => message,
    };
    ProgramError { kind, message, line }
}
