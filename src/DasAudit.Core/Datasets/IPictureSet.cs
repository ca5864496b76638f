using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>Described pictures that are decoded on demand.</summary>
public interface IPictureSet
{
    /// <summary>The pictures; each one's <see cref="TrainingItem.Index"/> is its position.</summary>
    IReadOnlyList<TrainingItem> Items { get; }

    /// <summary>How pictures of other sizes than a model's are made ones of its size.</summary>
    ResizeMode Resize => ResizeMode.Crop;

    /// <summary>Decodes one of <see cref="Items"/>. Thread-safe.</summary>
    /// <exception cref="Abstractions.AuditException">It can no longer be read.</exception>
    Picture Read(TrainingItem item);
}
