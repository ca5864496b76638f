using BitMiracle.LibTiff.Classic;

namespace DasAudit.Core.Pictures;

/// <summary>Takes what LibTiff would print to the console: each open file's messages go to its own list.</summary>
internal sealed class TiffMessages : TiffErrorHandler
{
    static TiffMessages() => Tiff.SetErrorHandler(new TiffMessages());

    private TiffMessages() { }

    /// <summary>A list that takes the messages of the file that is opened with it as client data.</summary>
    public static List<string> Listen() => [];

    public override void ErrorHandler(Tiff tif, string method, string format, params object[] args) { }

    public override void ErrorHandlerExt(
        Tiff tif,
        object clientData,
        string method,
        string format,
        params object[] args
    ) => (clientData as List<string>)?.Add(method);

    public override void WarningHandler(Tiff tif, string method, string format, params object[] args) { }
}
