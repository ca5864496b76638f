using DasAudit.Abstractions;
using TorchSharp;

namespace DasAudit.Core.Torch;

/// <summary>A copy of a model and what an engine does with it; used by one thread at a time.</summary>
internal interface IModelWorker : IDisposable
{
    /// <summary>Where the model runs.</summary>
    DeviceType Device { get; }

    /// <summary>Checks on pure noise that the model can be used, and says what memory a batch takes. Called once, first.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    BatchMemory Prepare(Condition? condition);

    /// <summary>Rows of the largest batch of a picture, if batches have at most so many.</summary>
    int LargestBatch(int rows);
}
