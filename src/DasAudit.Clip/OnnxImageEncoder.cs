using System.Globalization;
using System.Runtime.ExceptionServices;
using DasAudit.Core.Candidates;
using DasAudit.Core.Pictures;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DasAudit.Clip;

/// <summary>
/// The image tower of CLIP, or any other image encoder, run by ONNX Runtime on the processor or a GPU. Each picture
/// is a run of its own on one thread and several runs go on at once, so that an embedding depends neither on the
/// batch (even in a quantised model, whose scales would come from the whole batch) nor on the number of threads. Only
/// an export that fixes its batch size gets several pictures at once.
/// </summary>
public sealed class OnnxImageEncoder : IImageEncoder
{
    private readonly InferenceSession _session;
    private readonly EncoderSignature _signature;
    private readonly ImagePreprocessor _preprocessor;
    private readonly int _threads;

    private OnnxImageEncoder(
        InferenceSession session,
        EncoderSignature signature,
        EncoderFiles files,
        EncoderWeights weights,
        EncoderPreprocessing preprocessing,
        int threads
    )
    {
        _session = session;
        _signature = signature;
        var settings = preprocessing.Settings;
        _preprocessor = new ImagePreprocessor(settings);
        _threads = threads;
        Name = files.Name;
        Assumptions = preprocessing.Assumptions;
        Sha256 = weights.Hash($"{settings.Canonical()};output={signature.Output}");
        var image = signature.Image;
        var probe = settings.OutputSize ?? (image.Height ?? 224, image.Width ?? 224);
        Dimension = Run([new Picture(probe.Width, probe.Height, new byte[probe.Width * probe.Height * 3])])[0].Length;
        Description = new(
            weights.Model,
            weights.External,
            $"{image.Name} {EncoderSignature.Describe(session.InputMetadata[image.Name])}",
            $"{signature.Output} {EncoderSignature.Describe(session.OutputMetadata[signature.Output])}",
            Dimension,
            $"{settings}",
            preprocessing.Source
        );
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>
    /// SHA-256, lower-case hexadecimal, over the model, every file that it refers to, the preprocessing settings and
    /// the name of the output.
    /// </summary>
    public string Sha256 { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Assumptions { get; }

    /// <inheritdoc/>
    public string? Device { get; private init; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>What was recognised.</summary>
    public EncoderDescription Description { get; }

    /// <inheritdoc/>
    public string Preprocessing => Description.Preprocessing;

    /// <inheritdoc/>
    public string PreprocessingSource => Description.PreprocessingSource;

    /// <summary>Opens an encoder.</summary>
    /// <param name="path">
    /// A folder with <c>vision_model.onnx</c>, <c>model.onnx</c> or a single <c>.onnx</c> file (or with such an
    /// <c>onnx</c> or <c>visual</c> sub-folder), or the file itself.
    /// </param>
    /// <param name="threads">How many pictures are embedded at once; 0 (the default): one a processor.</param>
    /// <param name="given">
    /// How pictures are prepared; null (the default) for what a file beside the model says, or above it if it lies in
    /// such a sub-folder: transformers' <c>processor_config.json</c> and <c>preprocessor_config.json</c>, Immich's
    /// <c>preprocess_cfg.json</c>, open_clip's <c>open_clip_config.json</c>.
    /// </param>
    /// <param name="cuda">The number of the GPU to compute on; null (the default) for the processor.</param>
    /// <exception cref="AuditException">
    /// There is no such model, it is damaged or no encoder of pictures, or nothing says how to prepare pictures.
    /// </exception>
    public static OnnxImageEncoder Open(
        string path,
        int threads = 0,
        GivenPreprocessing? given = null,
        int? cuda = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        InferenceSession? session = null;
        try
        {
            var files = EncoderFiles.Find(path);
            var weights = EncoderWeights.Of(files.Model);
            session = Load(files.Model, cuda);
            var signature = EncoderSignature.Of(session, path);
            var stated = Preprocess(files, given, signature.Image);
            var preprocessing = signature.Image.TakesBytes ? stated.OfBytes() : stated;
            RequireSize(path, signature.Image, preprocessing);
            return new OnnxImageEncoder(
                session,
                signature,
                files,
                weights,
                preprocessing,
                threads == 0 ? Environment.ProcessorCount : threads
            )
            {
                Device = cuda is { } device ? string.Create(CultureInfo.InvariantCulture, $"cuda:{device}") : null,
            };
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new AuditException(
                    $"The encoder '{path}' cannot be read ({e.Message}); check the file and its permissions.",
                    e
                );
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="AuditException">The model fails, or what it gives is not one finite row a picture.</exception>
    public IReadOnlyList<float[]> Encode(IReadOnlyList<Picture> pictures, CancellationToken cancellation)
    {
        var size = _signature.Image.Batch ?? 1;
        var rows = new float[pictures.Count][];
        try
        {
            Parallel.For(
                0,
                (pictures.Count + size - 1) / size,
                new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation },
                i =>
                {
                    var batch = pictures.Skip(i * size).Take(size).ToList();
                    Run(batch).CopyTo(rows, i * size);
                }
            );
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<AuditException>().FirstOrDefault() is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static InferenceSession Load(string model, int? cuda)
    {
        using var options = OnnxRuntimeLibrary.QuietOptions(cuda);
        try
        {
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e) when (e.Message.Contains("escapes model directory", StringComparison.Ordinal))
        {
            throw new AuditException(
                $"The weights of '{model}' are a link to a folder that does not hold the model, which ONNX Runtime "
                    + "refuses; put the files themselves, or links to files of one folder, beside each other.",
                e
            );
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException(
                $"'{model}' is no ONNX model that can be run ({FirstLine(e)}); export or download the encoder again.",
                e
            );
        }
    }

    private static EncoderPreprocessing Preprocess(EncoderFiles files, GivenPreprocessing? given, ImageInput image)
    {
        if (given is null)
            return PreprocessingFiles.Find(files);
        return PreprocessingPresets.Contains(given.Choice)
            ? new(PreprocessingPresets.Of(given.Choice, image.Height), given.ShownAs, [])
            : PreprocessingFiles.ReadGiven(given);
    }

    private static void RequireSize(string path, ImageInput image, EncoderPreprocessing preprocessing)
    {
        if (preprocessing.Settings.OutputSize is not { } size)
        {
            if (image.Batch > 1)
                throw new AuditException(
                    $"The model in '{path}' takes {image.Batch} pictures at once but its preprocessing "
                        + $"({preprocessing.Source}) lets them differ in size; export it for one picture at a time."
                );
            return;
        }

        if ((image.Height ?? size.Height, image.Width ?? size.Width) != size)
            throw new AuditException(
                $"The model in '{path}' takes pictures of {image.Width}×{image.Height} "
                    + $"but its preprocessing ({preprocessing.Source}) makes them {size.Width}×{size.Height}; "
                    + "give the file that belongs to it."
            );
    }

    /// <summary>One run; fewer pictures than the graph asks for are filled up with the last one.</summary>
    private float[][] Run(List<Picture> pictures)
    {
        var cropped = pictures.ConvertAll(_preprocessor.Crop);
        var (width, height) = (cropped[0].Width, cropped[0].Height);
        var image = _signature.Image;
        var count = image.Batch ?? pictures.Count;
        while (cropped.Count < count)
            cropped.Add(cropped[^1]);
        var inputs = new List<OrtValue>();
        try
        {
            inputs.Add(ImageTensor(cropped, image.Shape(count, height, width)));
            inputs.AddRange(_signature.ExtraInputs.Select(input => input.ToTensor()));
            List<string> names = [image.Name, .. _signature.ExtraInputs.Select(input => input.Name)];
            using var run = new RunOptions();
            using var outputs = _session.Run(run, names, inputs, [_signature.Output]);
            return Rows(outputs[0], count)[..pictures.Count];
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException(
                $"The encoder '{Name}' fails on a picture of {width}×{height} ({FirstLine(e)}); "
                    + "export the encoder again.",
                e
            );
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    private OrtValue ImageTensor(List<Picture> cropped, long[] shape)
    {
        var channelsLast = _signature.Image.ChannelsLast;
        if (_signature.Image.TakesBytes)
        {
            var bytes = Join(cropped, picture => _preprocessor.Bytes(picture, channelsLast));
            return OrtValue.CreateTensorValueFromMemory(bytes, shape);
        }

        var values = Join(cropped, picture => _preprocessor.Normalise(picture, channelsLast));
        if (_signature.Image.Type == TensorElementType.Float)
            return OrtValue.CreateTensorValueFromMemory(values, shape);
        var halves = Array.ConvertAll(values, value => new Float16(BitConverter.HalfToUInt16Bits((Half)value)));
        return OrtValue.CreateTensorValueFromMemory(halves, shape);
    }

    private static T[] Join<T>(List<Picture> pictures, Func<Picture, T[]> valuesOf)
    {
        var values = pictures.ConvertAll(picture => valuesOf(picture));
        return values.Count == 1 ? values[0] : [.. values.SelectMany(part => part)];
    }

    private float[][] Rows(OrtValue output, int count)
    {
        var info = output.GetTensorTypeAndShape();
        var shape = info.Shape;
        if (!IsOneRowEach(shape, count))
            throw NoEmbedding($"came out as [{string.Join(", ", shape)}] for {count} pictures");
        var values =
            info.ElementDataType == TensorElementType.Float16
                ? Array.ConvertAll(output.GetTensorDataAsSpan<Float16>().ToArray(), ToSingle)
                : output.GetTensorDataAsSpan<float>().ToArray();
        var stride = values.Length / count;
        var dimension = (int)shape[^1];
        float[][] rows = [.. Enumerable.Range(0, count).Select(i => values.AsSpan(i * stride, dimension).ToArray())];
        return rows.All(row => Array.TrueForAll(row, float.IsFinite))
            ? rows
            : throw NoEmbedding("holds values that are not finite");
    }

    private bool IsOneRowEach(long[] shape, int count)
    {
        var isOfTokens = shape.Length == 3 && _signature.Output == EncoderSignature.HiddenState;
        if (shape.Length != 2 && !isOfTokens)
            return false;
        var hasKnownDimension = Dimension == 0 || shape[^1] == Dimension;
        return shape[0] == count && shape.All(length => length > 0) && hasKnownDimension;
    }

    private static float ToSingle(Float16 value) => (float)BitConverter.UInt16BitsToHalf(value.value);

    private AuditException NoEmbedding(string problem) =>
        EncoderSignature.NoEmbedding(_session, Name, $"{_signature.Output} {problem}");

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].TrimEnd('.', ' ');
}
