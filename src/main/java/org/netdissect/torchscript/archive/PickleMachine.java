package org.netdissect.torchscript.archive;

import java.util.List;
import java.util.OptionalLong;

/**
 * Reads a pickle of protocol 0 to 5 (Python's pickletools). Nothing that it names is called or constructed: objects
 * become their attributes, and functions what a {@link PickleMeaning} says.
 */
public final class PickleMachine {
    /** Greatest length of a class's or module's name; the same long strings may be joined again and again. */
    private static final int MAX_NAME = 1000;

    private final PickleBytes bytes;
    private final PickleStack stack;
    private final PickleMeaning meaning;
    private final PythonTypes python;

    private PickleMachine(PickleBytes bytes, PickleMeaning meaning) {
        this.bytes = bytes;
        this.stack = new PickleStack(bytes);
        this.meaning = meaning;
        this.python = new PythonTypes(stack::count);
    }

    /**
     * Reads the next pickle of {@code bytes}.
     *
     * @throws org.netdissect.base.InputException if it is damaged, too large, or has opcodes that PyTorch does not write
     */
    public static PickleValue read(PickleBytes bytes, PickleMeaning meaning) {
        PickleMachine machine = new PickleMachine(bytes, meaning);
        for (int opcode = bytes.unsigned(1); opcode != '.'; opcode = bytes.unsigned(1)) {
            machine.step(opcode);
        }
        return machine.stack.pop();
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> bytes.skip(1); // protocol
            case 0x95 -> bytes.skip(Long.BYTES); // frame
            case 'q' -> stack.memoize(bytes.unsigned(1));
            case 'r' -> stack.memoize(bytes.unsigned(4));
            case 0x94 -> stack.memoize();
            case 'h' -> stack.push(stack.remembered(bytes.unsigned(1)));
            case 'j' -> stack.push(stack.remembered(bytes.unsigned(4)));
            case 'p' -> stack.memoize(slot());
            case 'g' -> stack.push(stack.remembered(slot()));
            case '(' -> stack.pushMark();
            case '0' -> stack.pop();
            case '1' -> stack.takeToMark();
            case '2' -> stack.push(stack.top());
            default -> {
                if (!isPlain(opcode) && !isContainer(opcode) && !isObject(opcode)) {
                    throw bytes.damaged("opcode " + opcode + " is none that PyTorch writes");
                }
            }
        }
    }

    private int slot() {
        OptionalLong slot = bytes.decimal();
        if (slot.isEmpty() || slot.getAsLong() < 0 || slot.getAsLong() > Integer.MAX_VALUE) {
            throw bytes.damaged("a slot is no number");
        }
        return (int) slot.getAsLong();
    }

    /** Pushes a number, string or name; false if the opcode is another. */
    private boolean isPlain(int opcode) {
        switch (opcode) {
            case 'K' -> number(bytes.unsigned(1));
            case 'M' -> number(bytes.unsigned(2));
            case 'J' -> number(bytes.unsigned(4));
            case 'I', 'L' -> number(bytes.decimal());
            case 0x8a -> number(bytes.signed(bytes.unsigned(1)));
            case 0x8b -> number(bytes.signed(bytes.unsigned(4)));
            case 'G' -> plain(bytes.real());
            case 'F' -> plain(bytes.decimalReal());
            case 0x88, 0x89 -> plain(opcode == 0x88);
            case 'N' -> stack.push(new PickleValue.None());
            case 'X' -> plain(bytes.string(bytes.unsigned(4)));
            case 0x8c -> plain(bytes.string(bytes.unsigned(1)));
            case 0x8d -> plain(bytes.string(bytes.longLength()));
            case 'U' -> plain(bytes.latin1(bytes.unsigned(1)));
            case 'T' -> plain(bytes.latin1(bytes.unsigned(4)));
            case 'V' -> plain(bytes.line());
            case 'S' -> plain(unquoted(bytes.line()));
            case 'C' -> blob(bytes.unsigned(1));
            case 'B' -> blob(bytes.unsigned(4));
            case 0x8e, 0x96 -> blob(bytes.longLength());
            case 'c' -> global(bytes.line(), bytes.line());
            case 0x93 -> globalOfStack();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void plain(Object value) {
        stack.push(new PickleValue.Plain(value));
    }

    private static String unquoted(String text) {
        return text.length() > 1 ? text.substring(1, text.length() - 1) : text;
    }

    private void number(long value) {
        plain(value);
    }

    private void number(OptionalLong value) {
        stack.push(value.isPresent() ? new PickleValue.Plain(value.getAsLong()) : PickleValue.opaque());
    }

    private void blob(int size) {
        bytes.skip(size);
        stack.push(PickleValue.opaque());
    }

    private void globalOfStack() {
        List<PickleValue> names = stack.take(2);
        if (names.get(0) instanceof PickleValue.Plain module && names.get(1) instanceof PickleValue.Plain name) {
            global(module.value().toString(), name.value().toString());
        } else {
            throw bytes.damaged("a class has no name");
        }
    }

    private void global(String module, String name) {
        if (module.length() > MAX_NAME || name.length() > MAX_NAME) {
            throw bytes.damaged("a class has a name of more than " + MAX_NAME + " characters");
        }
        stack.push(new PickleValue.Global(module + "." + name));
    }

    /** Makes or fills a list, tuple, set or dictionary; false if the opcode is another. */
    private boolean isContainer(int opcode) {
        switch (opcode) {
            case ')', ']', 0x8f -> stack.push(new PickleValue.Items());
            case '}' -> stack.push(new PickleValue.Entries());
            case 0x85, 0x86, 0x87 -> items(stack.take(opcode - 0x84));
            case 't', 'l', 0x91 -> items(stack.takeToMark());
            case 'd' -> {
                List<PickleValue> items = stack.takeToMark();
                stack.push(new PickleValue.Entries());
                setItems(items);
            }
            case 'e', 0x90 -> append(stack.takeToMark());
            case 'a' -> append(stack.take(1));
            case 'u' -> setItems(stack.takeToMark());
            case 's' -> setItems(stack.take(2));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void items(List<PickleValue> items) {
        PickleValue.Items made = new PickleValue.Items();
        made.list().addAll(items);
        stack.push(made);
    }

    private void append(List<PickleValue> items) {
        if (stack.top() instanceof PickleValue.Items list) {
            list.list().addAll(items);
        }
    }

    private void setItems(List<PickleValue> items) {
        if (stack.top() instanceof PickleValue.Entries entries) {
            PythonTypes.put(entries, items);
        }
    }

    /** Makes an object or fills it; false if the opcode is another. */
    private boolean isObject(int opcode) {
        switch (opcode) {
            case 'Q' -> stack.push(meaning.persistent(stack.pop()));
            case 'R' -> {
                List<PickleValue> call = stack.take(2);
                stack.push(call(call.get(0), call.get(1)));
            }
            case 0x81 -> stack.push(object(stack.take(2)));
            case 0x92 -> stack.push(object(stack.take(3)));
            case 'b' -> build();
            default -> {
                return false;
            }
        }
        return true;
    }

    private PickleValue call(PickleValue function, PickleValue arguments) {
        if (!(function instanceof PickleValue.Global global)) {
            return PickleValue.opaque();
        }
        List<PickleValue> args = arguments instanceof PickleValue.Items items ? items.list() : List.of();
        return python.make(global.name(), args).orElseGet(() -> meaning.reduce(global.name(), args));
    }

    private static PickleValue object(List<PickleValue> call) {
        return new PickleValue.Entries(call.get(0) instanceof PickleValue.Global type ? type.name() : "");
    }

    /** Sets the attributes of an object; those of a dictionary or list, such as a state_dict's, are dropped. */
    private void build() {
        PickleValue state = stack.pop();
        if (stack.top() instanceof PickleValue.Entries object && !object.type().isEmpty()) {
            // classes with __slots__ have a pair of dictionaries
            List<PickleValue> parts = state instanceof PickleValue.Items pair ? pair.list() : List.of(state);
            stack.count(parts.size());
            for (PickleValue part : parts) {
                if (part instanceof PickleValue.Entries attributes && attributes != object) {
                    stack.count(attributes.map().size() + 1);
                    object.map().putAll(attributes.map());
                }
            }
        }
    }
}
