using DasAudit.Core.Diffusion;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Models;

/// <summary>A copy of a model and what an engine does with it; used by one thread at a time.</summary>
internal interface IModelWorker : IDisposable
{
    /// <summary>The passes that it makes over a picture.</summary>
    NoisyBatches Batches { get; }

    /// <summary>Checks the model on pure noise, and says what memory a batch takes. Called once, first.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    BatchMemory Prepare(Condition? condition);
}
