using DasAudit.Core.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>What memory a worker takes.</summary>
/// <param name="Fixed">Bytes of its model and of the sums of one picture.</param>
/// <param name="PerRow">Bytes of one more row of a batch: its gradients and what the backward pass needs.</param>
/// <param name="MostRows">Rows of a batch from which more bring nothing.</param>
internal sealed record BatchMemory(long Fixed, long PerRow, int MostRows)
{
    /// <summary>Rows of a batch on a device other than the processor from which more bring nothing.</summary>
    private const int MostRowsOnDevice = 512;

    private const int RowsOfPart = 32;

    // Of a device's memory; the rest is for what is not counted.
    private const double PartOfDevice = 0.7;

    /// <summary>More rows in a batch make small models faster up to here.</summary>
    public const int UsualRows = 32;

    /// <summary>What the program itself takes: constant, so that a budget always gives the same batches.</summary>
    private const long Program = 512L << 20;

    private const long UsualBatch = 512L << 20;

    /// <summary>Bytes that a batch may take where there is no budget.</summary>
    private long Batch { get; init; } = UsualBatch;

    /// <summary>What an engine takes that fills a device with each batch.</summary>
    /// <remarks>Rows follow from all of the device's memory, not from what is free, so that runs are alike.</remarks>
    public static BatchMemory OnDevice(Device device, long @fixed, long perRow) =>
        device.type == DeviceType.CPU
            ? new(@fixed, perRow, UsualRows)
            : new(@fixed, perRow, MostRowsOnDevice)
            {
                Batch = (long)(PartOfDevice * (DeviceMemory.Total(device) ?? DeviceMemory.Least)) - @fixed,
            };

    /// <summary>The least number of rows, at least so many, that kernels cut into equal parts.</summary>
    public static int WholeParts(int rows) => (rows + RowsOfPart - 1) / RowsOfPart * RowsOfPart;

    /// <summary>Rows of a batch, and number of workers, of which a device other than the processor has one.</summary>
    /// <param name="budget">Bytes that the process may use; null for any.</param>
    public (int Rows, int Workers) Fit(DeviceType device, int threads, long? budget)
    {
        var workers = Workers.On(device, threads);
        var rows = (int)Math.Clamp(Batch / Math.Max(1, PerRow), 1, MostRows);
        if (budget is null)
            return (Rounded(device, rows), workers);
        var bytes = budget.Value - Program;
        rows = (int)Math.Min(rows, (bytes - Fixed) / Math.Max(1, PerRow));
        return rows < 1
            ? throw new Abstractions.AuditException(
                $"{Settings.Name("memory")} is too little: gradients of this model need at least "
                    + $"{Megabytes(Program + Fixed + PerRow)} MiB; "
                    + $"give more, or select fewer {Settings.Name("parameters")}."
            )
            : (Rounded(device, rows), (int)Math.Clamp(bytes / (Fixed + rows * PerRow), 1, workers));
    }

    // Kernels of a GPU cut a batch into parts, and may compute a last part that is smaller in another way.
    private static int Rounded(DeviceType device, int rows) =>
        device == DeviceType.CPU || rows < RowsOfPart ? rows : rows - rows % RowsOfPart;

    private static long Megabytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
