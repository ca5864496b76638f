namespace DasAudit.Core.Conformance;

/// <summary>A part of the contract that can compute some tensors of a reference run.</summary>
internal interface IGoldenPart
{
    /// <summary>Whether a tensor is of its kind.</summary>
    bool Knows(GoldenVariant variant);

    /// <summary>What keeps it from being computed, after the tensor's name; null for nothing.</summary>
    string? Obstacle(GoldenTensor tensor, GoldenVariant variant);

    /// <summary>Refuses a tensor that cannot be this model's.</summary>
    void Check(GoldenTensor tensor, GoldenVariant variant) { }

    /// <summary>Computes it and compares; null where the model cannot compute it after all.</summary>
    AdapterCheckResult? Compare(GoldenTensor tensor, GoldenVariant variant);
}
