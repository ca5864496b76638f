namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>What of a stored tensor a parameter is.</summary>
internal enum TensorPart
{
    Whole,

    /// <summary>A matrix that may be stored as the kernel of a 1×1 convolution, [out, in, 1, 1].</summary>
    Matrix,

    /// <summary>A matrix that is stored transposed.</summary>
    Transposed,

    /// <summary>The first of three of its shape that are stored as one.</summary>
    FirstThird,

    SecondThird,

    LastThird,
}
