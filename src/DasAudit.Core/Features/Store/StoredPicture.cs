namespace DasAudit.Core.Features.Store;

/// <summary>The features of a picture with its key.</summary>
/// <param name="Name">For people who look into the file.</param>
internal sealed record StoredPicture(FeatureKey Key, string Name, PictureFeatures Features);
