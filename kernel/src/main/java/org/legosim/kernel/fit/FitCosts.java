package org.legosim.kernel.fit;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Software costs of the RPC layer, each for one execution on one CPU. */
public record FitCosts(
    @Parameter(
        key = "fit.costs.reserve",
        unit = Unit.PS,
        defaultValue = "30 ns",
        doc = "Reserving room in a peer's ring, under the peer's lock.",
        source = "none found: an uncontended spinlock and a few lines of arithmetic",
        status = Status.ASSUMED)
    Constant reserve,

    @Parameter(
        key = "fit.costs.slot",
        unit = Unit.PS,
        defaultValue = "30 ns",
        doc = "Taking a reply slot from the bitmap, under the node's lock.",
        source = "none found: an uncontended spinlock and a bit search",
        status = Status.ASSUMED)
    Constant slot,

    @Parameter(
        key = "fit.costs.post",
        unit = Unit.PS,
        defaultValue = "250 ns",
        doc = "Building a work request and ringing the adapter's doorbell.",
        source = "fitted to what two clients see of one worker, which posts each reply",
        status = Status.MEASURED,
        fittedTo = "rpc-echo;request_bytes=32;reply_bytes=4;threads=2;workers=1")
    Constant post,

    @Parameter(
        key = "fit.costs.poll",
        unit = Unit.PS,
        defaultValue = "50 ns",
        doc = "Taking completions from a queue that holds some; once per batch.",
        source = "none found: reading entries that the adapter has just written",
        status = Status.ASSUMED)
    Constant poll,

    @Parameter(
        key = "fit.costs.dispatch",
        unit = Unit.PS,
        defaultValue = "50 ns",
        doc = "Handing one completion on: decoding it and storing a length or queueing a request.",
        source = "none found",
        status = Status.ASSUMED)
    Constant dispatch,

    @Parameter(
        key = "fit.costs.pollPeriod",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "Time between two looks of a busy poll, at a queue or at a word.",
        source = "none found: an empty poll is a loop over a cached line",
        status = Status.ASSUMED)
    Constant pollPeriod,

    @Parameter(
        key = "fit.costs.postReceive",
        unit = Unit.PS,
        defaultValue = "20 ns",
        doc = "Posting one receive work request; a batch is posted without a doorbell each.",
        source = "none found",
        status = Status.ASSUMED)
    Constant postReceive,

    @Parameter(
        key = "fit.costs.allocate",
        unit = Unit.PS,
        defaultValue = "150 ns",
        doc = "One kmalloc or one kfree of a message buffer, under the allocator's global lock.",
        source = "fitted; logs of an early version show 370 ns and more for an allocation",
        status = Status.MEASURED,
        fittedTo = "rpc-latency;message_bytes=128|rpc-latency;message_bytes=1024"
            + "|rpc-latency;message_bytes=4096")
    Constant allocate,

    @Parameter(
        key = "fit.costs.copy",
        unit = Unit.PS_PER_KIB,
        defaultValue = "26.7 ns/KiB",
        doc = "Copying a message that lies in the CPU's cache into its buffer.",
        source = "16 bytes per cycle at 2.4 GHz, half of what the core can load and store",
        status = Status.DERIVED)
    Constant copy,

    @Parameter(
        key = "fit.costs.pageChecksum",
        unit = Unit.PS,
        defaultValue = "1 us",
        doc = "Computing the checksum of one page, at either end, with fit.pageChecksum.",
        source = "none found: 4 KiB at 4 bytes per ns, as software with a table does",
        status = Status.ASSUMED)
    Constant pageChecksum) {}
