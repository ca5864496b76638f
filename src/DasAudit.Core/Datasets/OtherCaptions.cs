using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>Counts the pictures of which metadata state several captions in one record.</summary>
internal sealed class OtherCaptions
{
    private readonly PictureExamples _pictures = new();

    /// <summary>Which caption was taken.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (_pictures.Count > 0)
                yield return $"{_pictures.Have} several captions in one record of the metadata, first "
                    + $"'{_pictures.First}'; of columns caption holds before text and prompt, and of a list the first; "
                    + $"{Settings.Name("caption-column")} names another column.";
        }
    }

    public void Add(string picture) => _pictures.Add(picture);
}
