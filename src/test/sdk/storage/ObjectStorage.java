// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;

/**
 * A server of the S3 protocol that keeps objects as files and checks signatures. The first line of its input is: directory,
 * port, access key, secret key. Says "ready" and its port; ends when its input does.
 */
class ObjectStorage {
    public static void main(String... none) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        String[] told = input.readLine().split(" ");
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", told[0]);
        BlobStoreContext context = ContextBuilder.newBuilder("filesystem-nio2")
                .credentials("none", "none")
                .overrides(properties)
                .build(BlobStoreContext.class);
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(context.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:" + told[1]))
                .awsAuthentication(AuthenticationType.AWS_V4, told[2], told[3])
                .build();
        proxy.start();
        System.out.println("ready " + proxy.getPort());
        while (input.readLine() != null) {}
        proxy.stop();
        System.exit(0);
    }
}
